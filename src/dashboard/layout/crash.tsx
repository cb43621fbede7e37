import { Component, type ReactNode } from 'react'
import { ProblemNotice } from '../ui/problem-notice.tsx'

/** Shows what broke instead of an empty page; a new version of the dashboard is the usual reason, loading again the cure. */
export class Crash extends Component<{ children: ReactNode }, { error: unknown }> {
  override state: { error: unknown } = { error: null }

  static getDerivedStateFromError(error: unknown): { error: unknown } {
    return { error }
  }

  override render(): ReactNode {
    if (this.state.error === null) return this.props.children
    return (
      <div className="mx-auto max-w-xl p-6">
        <ProblemNotice error={this.state.error} onRetry={() => window.location.reload()} />
      </div>
    )
  }
}
