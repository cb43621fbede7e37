// The Worker's files come along with the type of its routes and are checked here against the DOM as well, which is
// narrower in these places than the Workers runtime.
interface ReadableByteStreamController {
  enqueue(chunk: ArrayBufferView): void
}
interface SubtleCrypto {
  encrypt(algorithm: AesGcmParams, key: CryptoKey, data: ArrayBufferView): Promise<ArrayBuffer>
}
