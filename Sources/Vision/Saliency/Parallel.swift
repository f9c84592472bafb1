import Dispatch

/// Independent pieces of work on all processors.
enum Parallel {
    /// Calls `body` once for each number below `count`, in any order and in any thread, and returns
    /// when all are done. What the calls write must not overlap, and what each writes must not
    /// depend on the others.
    static func forEach(_ count: Int, _ body: @Sendable (Int) -> Void) {
        if count == 1 {
            body(0)
        } else {
            DispatchQueue.concurrentPerform(iterations: count, execute: body)
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
