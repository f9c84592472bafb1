import Diagnostics

/// What a job tells about itself while it runs: the one vocabulary of the program.
///
/// All counts are absolute, so that a lost or repeated event does no harm. The last event of a
/// job is `finished` or `failed`.
package enum ProgressEvent: Sendable, Equatable {
    /// The job has begun.
    case started(Started)
    /// So much is done.
    case progress(Progress)
    /// Another program's line of output.
    case output(Output)
    /// A file or folder is there.
    case artifact(Artifact)
    /// Something the user should know; the job goes on.
    case warning(Warning)
    /// The job is done.
    case finished(Finished)
    /// The job has ended without reaching its aim.
    case failed(EightCutError)

    /// Begins a job.
    package struct Started: Sendable, Equatable, Codable {
        /// What is done, for example "masks saliency".
        package let job: String
        /// Path of the input.
        package let input: String
        /// Path of the output.
        package let output: String

        /// Names the job and what it works on.
        package init(job: String, input: String, output: String) {
            self.job = job
            self.input = input
            self.output = output
        }
    }

    /// How far a job has come.
    package struct Progress: Sendable, Equatable, Codable {
        /// What is counted.
        package let unit: String
        /// How many are done.
        package let done: Int
        /// How many there are in all, if that is known.
        package let total: Int?
        /// Whether `total` is only the container's promise.
        package let totalIsEstimate: Bool
        /// Speed since the start, per second.
        package let rate: Double?
        /// Seconds left at that speed.
        package let secondsLeft: Double?

        /// Puts a report together; `rate` and `secondsLeft` are filled in by `ProgressMeter`.
        package init(
            unit: String = "frame",
            done: Int,
            total: Int?,
            totalIsEstimate: Bool,
            rate: Double? = nil,
            secondsLeft: Double? = nil
        ) {
            self.unit = unit
            self.done = done
            self.total = total
            self.totalIsEstimate = totalIsEstimate
            self.rate = rate
            self.secondsLeft = secondsLeft
        }
    }

    /// A line that a program has written which the job runs, such as pip.
    package struct Output: Sendable, Equatable, Codable {
        /// The line, without its end.
        package let line: String

        /// Passes a line on.
        package init(line: String) {
            self.line = line
        }
    }

    /// Something that the job has made.
    package struct Artifact: Sendable, Equatable, Codable {
        /// What it is: "masks", "preview", "environment".
        package let kind: String
        /// Where it is.
        package let path: String

        /// Names what was made.
        package init(kind: String, path: String) {
            self.kind = kind
            self.path = path
        }
    }

    /// A warning.
    package struct Warning: Sendable, Equatable, Codable {
        /// A word for programs: "inputDamaged", "emptyMasks".
        package let code: String
        /// A sentence for people.
        package let message: String

        /// Puts a warning together.
        package init(code: String, message: String) {
            self.code = code
            self.message = message
        }
    }

    /// How a job has ended well.
    package struct Finished: Sendable, Equatable, Codable {
        /// How many frames the result has.
        package let frames: Int
        /// Seconds that the job took.
        package let seconds: Double
        /// Exit status of the process: 0, or what a warning made of it.
        package let exitStatus: Int32
        /// A sentence for people.
        package let summary: String

        /// Puts the summary together.
        package init(frames: Int, seconds: Double, exitStatus: Int32, summary: String) {
            self.frames = frames
            self.seconds = seconds
            self.exitStatus = exitStatus
            self.summary = summary
        }
    }
}
