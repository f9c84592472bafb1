import Glibc

/// The most memory that was in use at a time.
package enum PeakMemory {
    /// Of this process, in bytes.
    package static var ofProgram: Int { peak(__rusage_who_t(RUSAGE_SELF.rawValue)) }

    /// Of the largest child process that has ended, in bytes.
    package static var ofLargestChild: Int { peak(__rusage_who_t(RUSAGE_CHILDREN.rawValue)) }

    private static func peak(_ who: __rusage_who_t) -> Int {
        var usage = rusage()
        getrusage(who, &usage)
        // Linux counts in kibibytes.
        return usage.ru_maxrss * 1024
    }
}
