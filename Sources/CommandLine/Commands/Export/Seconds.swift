import ArgumentParser
import ClipExport
import Media

/// A length of time: `8`, `8.011` or `0:08`.
struct Seconds: ExpressibleByArgument, Equatable {
    let nanoseconds: Int

    init(nanoseconds: Int) { self.nanoseconds = nanoseconds }

    init?(argument: String) {
        guard let nanoseconds = ClipStart.nanoseconds(argument) else { return nil }
        self.init(nanoseconds: nanoseconds)
    }

    var defaultValueDescription: String { ClipStart.seconds(nanoseconds: nanoseconds) }

    /// As a fraction; nil for 0.
    var rational: Rational? { Rational(nanoseconds, 1_000_000_000) }
}
