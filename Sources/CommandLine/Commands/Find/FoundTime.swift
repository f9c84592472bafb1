import ClipExport

/// Times as the tables of `8cut find` show them.
enum FoundTime {
    /// Hours, minutes and seconds, to a millisecond.
    static func clock(_ seconds: Double) -> String {
        ClipStart.clock(nanoseconds: max(0, Int((seconds * 1000).rounded(.up))) * 1_000_000)
    }
}
