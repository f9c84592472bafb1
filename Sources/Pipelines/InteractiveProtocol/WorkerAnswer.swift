import Diagnostics
import Files
import FoundationEssentials
import Progress

/// A line from the worker to its client (docs/reference/interactive.md).
package struct WorkerAnswer: Sendable, Equatable {
    package enum Event: Sendable, Equatable {
        /// The model is loaded.
        case ready(Ready)
        /// The mask of a frame is written.
        case mask(Mask)
        /// A frame is encoded.
        case encoded(Encoded)
        /// Objects of the video are found.
        case found(Found)
        /// The request was cancelled, or replaced by a newer one.
        case dropped
        /// These requests are being cancelled.
        case cancelled([WorkerID])
        /// The request failed; the worker goes on.
        case error(EightCutError)
        /// The progress of a run or a search; without an id, the end of the worker.
        case job(ProgressEvent)
    }

    /// The request that is answered; nil if there is none, or if it has no readable id.
    package let id: WorkerID?
    package let event: Event

    package init(id: WorkerID?, _ event: Event) {
        self.id = id
        self.event = event
    }

    package struct Ready: Sendable, Equatable, Codable {
        /// Path of the video.
        package let input: String
        /// Size of an upright frame.
        package let width: Int
        package let height: Int
        /// Number of frames according to the container, which may be wrong.
        package let frames: Int?
        /// Name of the checkpoint.
        package let model: String
        package let device: String
        package let precision: String

        package init(
            input: String,
            width: Int,
            height: Int,
            frames: Int?,
            model: String,
            device: String,
            precision: String
        ) {
            (self.input, self.width, self.height, self.frames) = (input, width, height, frames)
            (self.model, self.device, self.precision) = (model, device, precision)
        }
    }

    package struct Mask: Sendable, Equatable, Codable {
        package let frame: Int
        /// Path of the mask of all objects.
        package let path: String
        /// Path of the image of the objects' numbers, if it was requested.
        package let labels: String?
        package let objects: [Object]
        /// Whether the frame had to be encoded.
        package let encoded: Bool
        /// Seconds since the request was read.
        package let seconds: Double

        package init(
            frame: Int,
            path: String,
            labels: String?,
            objects: [Object],
            encoded: Bool,
            seconds: Double
        ) {
            (self.frame, self.path, self.labels, self.objects) = (frame, path, labels, objects)
            (self.encoded, self.seconds) = (encoded, seconds)
        }
    }

    package struct Object: Sendable, Equatable, Codable {
        /// Number of the object.
        package let object: Int
        /// The model's object score: above 0 if the object is visible.
        package let objectScore: Double?
        /// The IoU that the model predicts for the mask.
        package let iou: Double?
        /// Covered part of the frame, 0…1.
        package let area: Double
        /// Left, top, width, height in pixels; nil for an empty mask.
        package let box: [Int]?
        /// Path of the object's own mask, if it was requested.
        package let path: String?

        package init(
            object: Int,
            objectScore: Double?,
            iou: Double?,
            area: Double,
            box: [Int]?,
            path: String?
        ) {
            (self.object, self.objectScore, self.iou) = (object, objectScore, iou)
            (self.area, self.box, self.path) = (area, box, path)
        }
    }

    package struct Encoded: Sendable, Equatable, Codable {
        package let frame: Int
        /// Whether the frame had to be encoded.
        package let encoded: Bool
        /// Seconds since the request was read.
        package let seconds: Double

        package init(frame: Int, encoded: Bool, seconds: Double) {
            (self.frame, self.encoded, self.seconds) = (frame, encoded, seconds)
        }
    }

    package struct Found: Sendable, Equatable, Codable {
        /// Best first, at least one.
        package let candidates: [Candidate]
        /// Seconds since the request was read.
        package let seconds: Double

        package init(candidates: [Candidate], seconds: Double) {
            (self.candidates, self.seconds) = (candidates, seconds)
        }
    }

    /// An object that was found.
    package struct Candidate: Sendable, Equatable, Codable {
        /// The frame on which it is seen best.
        package let frame: Int
        /// A point deep inside: column and row in pixels.
        package let point: [Double]
        /// Left, top, right, bottom in pixels.
        package let box: [Double]
        /// How sure it is that this is the object, 0…1.
        package let score: Double

        package init(frame: Int, point: [Double], box: [Double], score: Double) {
            (self.frame, self.point, self.box, self.score) = (frame, point, box, score)
        }
    }
}

extension WorkerAnswer: Codable {
    private enum Key: String, CodingKey {
        case v, id, event, requests, message
    }

    private enum Name: String, Codable {
        case ready, mask, encoded, found, dropped, cancelled, error
    }

    /// The answer as one JSON object in one line, without its end.
    package func jsonLine() throws -> String { try JSONText.line(self) }

    /// Reads what `jsonLine` wrote.
    package init(jsonLine: String) throws {
        self = try JSONDecoder().decode(WorkerAnswer.self, from: Data(jsonLine.utf8))
    }

    /// Reads an answer; throws for an unknown event.
    package init(from decoder: any Decoder) throws {
        let keyed = try decoder.container(keyedBy: Key.self)
        id = try keyed.decodeIfPresent(WorkerID.self, forKey: .id)
        switch try? keyed.decode(Name.self, forKey: .event) {
        case .ready: event = .ready(try Ready(from: decoder))
        case .mask: event = .mask(try Mask(from: decoder))
        case .encoded: event = .encoded(try Encoded(from: decoder))
        case .found: event = .found(try Found(from: decoder))
        case .dropped: event = .dropped
        case .cancelled:
            event = .cancelled(try keyed.decode([WorkerID].self, forKey: .requests))
        case .error: event = .error(try EightCutError(from: decoder))
        case nil: event = .job(try ProgressEvent(from: decoder))
        }
    }

    /// Writes the version, the request's id, the event's name and its fields side by side.
    package func encode(to encoder: any Encoder) throws {
        var keyed = encoder.container(keyedBy: Key.self)
        try keyed.encode(ProgressEvent.jsonVersion, forKey: .v)
        try keyed.encodeIfPresent(id, forKey: .id)
        let name: Name
        switch event {
        case .job(let event): return try event.encode(to: encoder)
        case .ready(let fields):
            name = .ready
            try fields.encode(to: encoder)
        case .mask(let fields):
            name = .mask
            try fields.encode(to: encoder)
        case .encoded(let fields):
            name = .encoded
            try fields.encode(to: encoder)
        case .found(let fields):
            name = .found
            try fields.encode(to: encoder)
        case .dropped: name = .dropped
        case .cancelled(let requests):
            name = .cancelled
            try keyed.encode(requests, forKey: .requests)
        case .error(let error):
            name = .error
            try error.encode(to: encoder)
            try keyed.encode("\(error)", forKey: .message)
        }
        try keyed.encode(name, forKey: .event)
    }
}
