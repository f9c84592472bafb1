import ClipLibrary
import ClipReview
import Localization

/// How fast a person judges.
package struct ReviewPace: Sendable, Equatable {
    /// In seconds, ascending.
    private var times: [Double] = []

    /// Fewer verdicts say nothing about the rest.
    private static let least = 3

    package init() {}

    /// - Parameter seconds: from when the clip was shown to the verdict.
    package mutating func note(_ seconds: Double) {
        let place = times.firstIndex { $0 > seconds } ?? times.count
        times.insert(seconds, at: place)
    }

    /// How long so many clips will take, in seconds; nil while that is not known. The median, because
    /// a pause says nothing about the rest.
    package func time(for count: Int) -> Double? {
        guard times.count >= Self.least else { return nil }
        let middle = times.count / 2
        let median =
            times.count.isMultiple(of: 2) ? (times[middle - 1] + times[middle]) / 2 : times[middle]
        return median * Double(count)
    }
}
