import Diagnostics
import Files

/// What became of a row.
package struct BatchResult: Sendable, Equatable, Codable {
    package enum Status: String, Sendable, Codable, CaseIterable {
        /// The masks are there.
        case done
        /// It cannot be done: the same command fails again.
        case failed
        /// Busy, a full disk, the network, a killed child: another try may do it.
        case again
    }

    /// Why a row is not done: the parts of an `EightCutError`.
    package struct Failure: Sendable, Equatable, Codable {
        package let code: ErrorCode
        package let what: String
        package let on: String?
        package let why: String
        package let remedy: String?

        package init(_ error: EightCutError) {
            code = error.code
            what = error.what
            on = error.subject
            why = error.why
            remedy = error.remedy
        }

        package var error: EightCutError {
            EightCutError(code, what, on: on, because: why, remedy: remedy)
        }
    }

    /// That of the row.
    package let id: String
    /// `BatchRow.digest`: a row that has been changed since is not done.
    package let row: String
    package let status: Status
    /// Why it is not done; for a row that is done, the damage of its input.
    package var error: Failure?
    /// Wall time of the last try, in seconds.
    package let seconds: Double
    /// Processor time of the program and its children in the last try, in seconds; nil where rows
    /// ran side by side.
    package var processorSeconds: Double?
    /// Which try this was, from 1.
    package var attempt: Int
    package var method: BatchMethod
    /// The folder of the masks.
    package var output: String
    /// The clip, where it was cut.
    package var clip: String?
    /// How many masks there are.
    package var frames: Int?
    /// What the masks' manifest notes about single frames, such as `empty`, and how often.
    package var flags: [String: Int]?
    /// An estimate of the masks' IoU with the true ones, 0…1; nil where they were not judged.
    package var score: Double?
    /// Bytes of the clip or the source.
    package var inputBytes: Int?
    /// Bytes of the masks, and of the clip where it was cut.
    package var outputBytes: Int?
    /// What input and masks looked like from outside when the row was done, so that neither has to
    /// be read again as long as that stays.
    package var fingerprint: String?

    /// What became of a row in a try that took so many seconds; `attempt` counts tries from 1.
    package init(
        of row: BatchRow,
        _ status: Status,
        error: EightCutError? = nil,
        seconds: Double,
        attempt: Int = 1
    ) {
        id = row.id
        self.row = row.digest
        self.status = status
        self.error = error.map(Failure.init)
        self.seconds = seconds
        self.attempt = attempt
        method = row.method
        output = row.output.name
        if case .cut(let cut) = row.video { clip = cut.clip.name }
    }

    /// The result as JSON in one line.
    package var json: String { (try? JSONText.line(self)) ?? "{}" }

    /// Whether the result is that of a row as it is now, and nothing is left to do.
    package func isDone(_ row: BatchRow) -> Bool {
        status == .done && id.isExactly(row.id) && self.row.isExactly(row.digest)
    }
}
