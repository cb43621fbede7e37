// The Worker's files come along with the type of its routes and are checked here against the DOM as well, which is
// narrower in this one place than the Workers runtime.
interface ReadableByteStreamController {
  enqueue(chunk: ArrayBufferView): void
}
