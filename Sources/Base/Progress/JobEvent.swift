import Diagnostics

/// What a job tells about itself while it runs: the one vocabulary of the program.
///
/// All counts are absolute, so that a lost or repeated event does no harm. The last event of a
/// job is `finished` or `failed`.
public enum JobEvent: Sendable, Equatable {
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
    public struct Started: Sendable, Equatable, Codable {
        /// What is done, for example "masks saliency".
        public let job: String
        /// Path of the input.
        public let input: String
        /// Path of the output.
        public let output: String

        /// Names the job and what it works on.
        public init(job: String, input: String, output: String) {
            self.job = job
            self.input = input
            self.output = output
        }
    }

    /// How far a job has come.
    public struct Progress: Sendable, Equatable, Codable {
        /// What is counted.
        public let unit: String
        /// How many are done.
        public let done: Int
        /// How many there are in all, if that is known.
        public let total: Int?
        /// Whether `total` is only the container's promise.
        public let totalIsEstimate: Bool
        /// Speed since the start, per second.
        public let rate: Double?
        /// Seconds left at that speed.
        public let secondsLeft: Double?

        /// Puts a report together; `rate` and `secondsLeft` are filled in by `ProgressMeter`.
        public init(
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
    public struct Output: Sendable, Equatable, Codable {
        /// The line, without its end.
        public let line: String

        /// Passes a line on.
        public init(line: String) {
            self.line = line
        }
    }

    /// Something that the job has made.
    public struct Artifact: Sendable, Equatable, Codable {
        /// What it is: "masks", "preview", "environment".
        public let kind: String
        /// Where it is.
        public let path: String

        /// Names what was made.
        public init(kind: String, path: String) {
            self.kind = kind
            self.path = path
        }
    }

    /// A warning.
    public struct Warning: Sendable, Equatable, Codable {
        /// A word for programs: "inputDamaged", "emptyMasks".
        public let code: String
        /// A sentence for people.
        public let message: String

        /// Puts a warning together.
        public init(code: String, message: String) {
            self.code = code
            self.message = message
        }
    }

    /// How a job has ended well.
    public struct Finished: Sendable, Equatable, Codable {
        /// How many frames the result has.
        public let frames: Int
        /// Seconds that the job took.
        public let seconds: Double
        /// Exit status of the process: 0, or what a warning made of it.
        public let exitStatus: Int32
        /// A sentence for people.
        public let summary: String

        /// Puts the summary together.
        public init(frames: Int, seconds: Double, exitStatus: Int32, summary: String) {
            self.frames = frames
            self.seconds = seconds
            self.exitStatus = exitStatus
            self.summary = summary
        }
    }
}
