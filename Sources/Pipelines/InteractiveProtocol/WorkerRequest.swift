import Files

/// A line from a client to the worker (docs/reference/interactive.md).
package struct WorkerRequest: Sendable, Equatable, Codable {
    package enum Action: String, Sendable, Codable, CaseIterable {
        case mask, encode, find, run, cancel
    }

    /// What is written besides the mask of all objects.
    package enum Objects: String, Sendable, Codable {
        /// Nothing.
        case union
        /// A mask for each object, in folders `object_1`, `object_2`, …
        case separate
        /// An image of the objects' numbers, in the folder `labels`.
        case labels
    }

    /// Chosen by the client; the answers to the request have it too.
    package var id: WorkerID
    /// The field `do`.
    package var action: Action
    package var frame: Int?
    /// In the format of a prompts file (docs/reference/prompts.md). The server checks them, so that
    /// its errors can name the place in the line.
    package var prompts: JSONValue?
    /// The path of the mask, or of the folder of masks.
    package var output: String?
    package var objects: Objects?
    /// Holes of at most this many pixels are filled.
    package var fillHoles: Int?
    /// Components of at most this many pixels are removed.
    package var dropSpecks: Int?
    /// Whether the object is black.
    package var invert: Bool?
    /// Whether masks with other settings, or files that the server has not written, may be replaced.
    package var overwrite: Bool?
    /// The most objects that are found.
    package var count: Int?
    /// The request to cancel.
    package var request: WorkerID?

    package init(id: WorkerID, action: Action) {
        self.id = id
        self.action = action
    }

    package enum CodingKeys: String, CodingKey, CaseIterable {
        case id
        case action = "do"
        case frame, prompts, output, objects, fillHoles, dropSpecks, invert, overwrite, count,
            request
    }

    /// The request as one JSON object in one line, without its end.
    package func jsonLine() throws -> String { try JSONText.line(self) }
}

extension WorkerRequest.Action {
    /// The fields that the action needs, and those that it accepts.
    package var fields: (needed: [WorkerRequest.CodingKeys], others: [WorkerRequest.CodingKeys]) {
        switch self {
        case .mask:
            ([.frame, .prompts, .output], [.objects, .fillHoles, .dropSpecks, .overwrite])
        case .encode: ([.frame], [])
        case .find: ([], [.count])
        case .run:
            ([], [.prompts, .output, .objects, .fillHoles, .dropSpecks, .invert, .overwrite])
        case .cancel: ([], [.request])
        }
    }
}

/// A prompt as a client writes it, in pixels of the video.
package enum WorkerPrompt: Sendable, Equatable {
    case point(x: Double, y: Double, isPositive: Bool)
    case box(left: Double, top: Double, right: Double, bottom: Double)

    package var json: JSONValue {
        switch self {
        case .point(let x, let y, let isPositive):
            .object([
                "point": .array([.number(x), .number(y)]), "label": .integer(isPositive ? 1 : 0),
            ])
        case .box(let left, let top, let right, let bottom):
            .object(["box": .array([left, top, right, bottom].map { .number($0) })])
        }
    }
}

/// A client's name for a request: a whole number or a text.
package enum WorkerID: Sendable, Hashable, Codable {
    case number(Int)
    case text(String)

    package init(from decoder: any Decoder) throws {
        let value = try decoder.singleValueContainer()
        if let number = try? value.decode(Int.self) {
            self = .number(number)
        } else {
            self = .text(try value.decode(String.self))
        }
    }

    package func encode(to encoder: any Encoder) throws {
        var value = encoder.singleValueContainer()
        switch self {
        case .number(let number): try value.encode(number)
        case .text(let text): try value.encode(text)
        }
    }
}

extension WorkerID: CustomStringConvertible {
    package var description: String {
        switch self {
        case .number(let number): "\(number)"
        case .text(let text): text
        }
    }
}
