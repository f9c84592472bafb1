import Files
import MaskStore
import Methods

/// A line that a client writes, field by field (docs/interactive.md).
package struct WorkerRequest: Sendable, Equatable, Codable {
    /// What can be asked.
    package enum Action: String, Sendable, Codable, CaseIterable {
        case mask, encode, run, cancel
    }

    /// What the client calls it.
    package var id: WorkerID
    /// What is asked: the field `do`.
    package var action: Action
    /// The frame that is meant.
    package var frame: Int?
    /// The prompts, as in a file of them.
    package var prompts: JSONValue?
    /// Where the mask, or the folder of the masks, shall be.
    package var output: String?
    /// What is written for each object.
    package var objects: SamSettings.Objects?
    /// Holes of at most so many pixels are filled.
    package var fillHoles: Int?
    /// Specks of at most so many pixels are dropped.
    package var dropSpecks: Int?
    /// Whether the object shall be black.
    package var invert: Bool?
    /// Whether other masks may be replaced.
    package var overwrite: Bool?
    /// The request that is cancelled.
    package var request: WorkerID?

    /// Makes a request without any fields but these.
    package init(id: WorkerID, action: Action) {
        self.id = id
        self.action = action
    }

    /// The names of the fields.
    package enum CodingKeys: String, CodingKey, CaseIterable {
        case id
        case action = "do"
        case frame, prompts, output, objects, fillHoles, dropSpecks, invert, overwrite, request
    }
}

extension WorkerRequest.Action {
    /// The fields without which it makes no sense, and those that may be left out.
    var fields: (needed: [WorkerRequest.CodingKeys], others: [WorkerRequest.CodingKeys]) {
        switch self {
        case .mask: ([.frame, .prompts, .output], [.objects, .fillHoles, .dropSpecks])
        case .encode: ([.frame], [])
        case .run:
            ([], [.prompts, .output, .objects, .fillHoles, .dropSpecks, .invert, .overwrite])
        case .cancel: ([], [.request])
        }
    }
}

/// What a client calls a request: a whole number or a text.
package enum WorkerID: Sendable, Hashable, Codable {
    case number(Int)
    case text(String)

    /// Reads either.
    package init(from decoder: any Decoder) throws {
        let value = try decoder.singleValueContainer()
        if let number = try? value.decode(Int.self) {
            self = .number(number)
        } else {
            self = .text(try value.decode(String.self))
        }
    }

    /// Writes it as it was.
    package func encode(to encoder: any Encoder) throws {
        var value = encoder.singleValueContainer()
        switch self {
        case .number(let number): try value.encode(number)
        case .text(let text): try value.encode(text)
        }
    }
}

extension WorkerID: CustomStringConvertible {
    /// As people write it.
    package var description: String {
        switch self {
        case .number(let number): "\(number)"
        case .text(let text): text
        }
    }
}
