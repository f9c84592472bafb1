import Dispatch

/// Independent pieces of work on all CPUs.
package enum Parallel {
    /// Who calls the pieces.
    package struct Scheduler: Sendable {
        let perform: @Sendable (Int, @Sendable (Int) -> Void) -> Void

        /// - Parameter perform: calls what it is given once for each number below a count.
        package init(_ perform: @escaping @Sendable (Int, @Sendable (Int) -> Void) -> Void) {
            self.perform = perform
        }
    }

    /// As many threads as there are CPUs, unless somebody wants to see that results do not depend on
    /// them.
    @TaskLocal package static var scheduler = Scheduler {
        DispatchQueue.concurrentPerform(iterations: $0, execute: $1)
    }

    /// Calls `body` once for each number below `count`, in any order and in any thread, and returns
    /// when all are done. What the calls write must not overlap, and what each writes must not
    /// depend on the others.
    static func forEach(_ count: Int, _ body: @Sendable (Int) -> Void) {
        if count == 1 {
            body(0)
        } else {
            scheduler.perform(count, body)
        }
    }
}

/// Memory that several threads write at different places.
///
/// `@unchecked Sendable` because whoever hands it to threads takes care that the places differ.
struct SharedMemory<Element>: @unchecked Sendable {
    let base: UnsafeMutablePointer<Element>

    init(_ base: UnsafeMutablePointer<Element>) { self.base = base }
}
