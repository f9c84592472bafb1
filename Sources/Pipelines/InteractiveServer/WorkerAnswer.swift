import Diagnostics
import Progress

/// A line that a worker writes (docs/interactive.md).
package struct WorkerAnswer: Sendable, Equatable {
    /// What it says.
    package enum Event: Sendable, Equatable {
        /// Requests are worked on from now on.
        case ready(Ready)
        /// A mask is there.
        case mask(Mask)
        /// A frame is encoded.
        case encoded(Encoded)
        /// The request was cancelled, or gave way to a newer one.
        case dropped
        /// These requests are being cancelled.
        case cancelled([WorkerID])
        /// The request cannot be done.
        case error(EightCutError)
        /// How a run goes.
        case job(ProgressEvent)
    }

    /// The request that it answers; nil for none, and for one that does not say.
    package let id: WorkerID?
    /// What it says.
    package let event: Event

    /// Puts it together.
    package init(id: WorkerID?, _ event: Event) {
        self.id = id
        self.event = event
    }

    /// What is worked on, and with what.
    package struct Ready: Sendable, Equatable, Codable {
        /// The video.
        package let input: String
        /// Its columns, upright.
        package let width: Int
        /// Its rows, upright.
        package let height: Int
        /// How many frames it promises; it may lie.
        package let frames: Int?
        /// The checkpoint.
        package let model: String
        /// What runs it.
        package let device: String
        /// What it computes in.
        package let precision: String
    }

    /// The mask of a frame.
    package struct Mask: Sendable, Equatable, Codable {
        /// Number of the frame.
        package let frame: Int
        /// The mask of all objects.
        package let path: String
        /// The picture of the objects' numbers, where it was asked for.
        package let labels: String?
        /// What was found of each object.
        package let objects: [Object]
        /// Whether the frame had to be encoded for it.
        package let encoded: Bool
        /// Seconds since the request was read.
        package let seconds: Double
    }

    /// What was found of an object.
    package struct Object: Sendable, Equatable, Codable {
        /// Its number.
        package let object: Int
        /// Above 0 where it is there.
        package let presence: Double?
        /// How good the mask is, as the model predicts it.
        package let iou: Double?
        /// Part of the picture that it covers, 0…1.
        package let area: Double
        /// Left, top, width, height in pixels; nil where there is nothing.
        package let box: [Int]?
        /// Its own mask, where it was asked for.
        package let path: String?
    }

    /// A frame is known.
    package struct Encoded: Sendable, Equatable, Codable {
        /// Number of the frame.
        package let frame: Int
        /// Whether it had to be encoded.
        package let encoded: Bool
        /// Seconds since the request was read.
        package let seconds: Double
    }
}
