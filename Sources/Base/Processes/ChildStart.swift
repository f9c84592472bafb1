import CProcess
import Diagnostics
import Glibc
import Synchronization

/// What happens around a child besides running it: it is started only where the system can, and the
/// guard knows of it from before its start until after its end.
final class ChildStart: Sendable {
    private enum State {
        case starting
        case running(group: pid_t)
    }

    private let leadsGroup: Bool
    private let state = Mutex(State.starting)

    /// To be made before the child is started.
    ///
    /// - Parameters:
    ///   - program: what is to be started, for the error.
    ///   - leadsGroup: whether it will lead a process group of its own.
    /// - Throws: `ChildProcessError.failed` when it must not be started.
    init(of program: String, leadsGroup: Bool) throws(ChildProcessError) {
        self.leadsGroup = leadsGroup
        if let reason = StartingChildren.reserve() {
            throw .failed(program: program, reason: reason)
        }
        let error = child_guard_will_start()
        guard error == 0 else {
            StartingChildren.release()
            let reason = ProgramStart.reason(noProcess: error)
            throw .failed(program: program, reason: reason)
        }
    }

    /// To be called when the child runs.
    func noteStarted(_ process: pid_t) {
        StartingChildren.release()
        let group = leadsGroup ? process : 0
        child_guard_did_start(group)
        state.withLock { $0 = .running(group: group) }
    }

    /// To be called when it has ended, or could not be started. Its own children in its group are
    /// killed; when this returns, none of them writes any more.
    func noteEnded() {
        switch state.withLock({ $0 }) {
        case .starting:
            StartingChildren.release()
            child_guard_did_start(0)
        case .running(let group): child_guard_did_end(group)
        }
    }
}

/// Children that are being started, and the file descriptors that this takes.
///
/// swift-subprocess 1.0 ends the whole process ("FileDescriptor was not closed") when it runs out
/// of descriptors while it starts a child, so that must not happen.
private enum StartingChildren {
    /// Three pipes, one for errors of exec, a descriptor of the process, and two of epoll and
    /// eventfd each for the first child.
    private static let descriptorCount = 16

    private static let count = Mutex(0)

    /// Reserves the descriptors for one more.
    ///
    /// - Returns: why that is not possible; nil if it is.
    static func reserve() -> String? {
        count.withLock { count in
            let needed = Int32((count + 1) * descriptorCount)
            let error = process_limits_try_descriptors(needed)
            guard error == 0 else { return ProgramStart.reason(noDescriptor: error) }
            count += 1
            return nil
        }
    }

    static func release() { count.withLock { $0 -= 1 } }
}
