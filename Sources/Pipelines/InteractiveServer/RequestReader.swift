import Diagnostics
import Files
import FoundationEssentials

/// Why a line is no request.
struct RequestRefusal: Error {
    /// What the client calls it, as far as that can be read.
    let id: WorkerID?
    let error: EightCutError
}

/// Reads lines that clients write.
struct RequestReader {
    let json: LocatedJSON
    let request: WorkerRequest

    /// Reads a line.
    ///
    /// - Returns: the request's name, and what it asks for.
    /// - Throws: `RequestRefusal`.
    static func read(_ line: RequestLines.Line) throws(RequestRefusal) -> (WorkerID, WorkerTask) {
        var id: WorkerID?
        do {
            guard case .bytes(let bytes) = line else {
                throw refusal("it has more than \(RequestLines.limit) bytes")
            }
            let json = try parse(bytes)
            id = json["id"].flatMap(WorkerID.init)
            try checkFields(of: json)
            let reader = RequestReader(json: json, request: try decode(json, bytes))
            return (reader.request.id, try reader.task())
        } catch let error as EightCutError {
            throw RequestRefusal(id: id, error: error)
        } catch {
            throw RequestRefusal(id: id, error: refusal("\(error)"))
        }
    }

    private static func parse(_ bytes: [UInt8]) throws -> LocatedJSON {
        let json: LocatedJSON
        do {
            json = try LocatedJSON(parsing: bytes)
        } catch {
            throw refusal(
                "column \(error.column): \(error.why)",
                "Write a JSON object in one line."
            )
        }
        guard case .object = json.content else {
            throw refusal("it is \(json.kind), not an object", "Write a JSON object in one line.")
        }
        return json
    }

    /// Checks what the decoder would let pass, or would not name.
    private static func checkFields(of json: LocatedJSON) throws {
        guard case .object(let members) = json.content else { return }
        let known = WorkerRequest.CodingKeys.allCases.map(\.rawValue)
        for member in members {
            guard known.contains(member.name) else {
                throw refusal(
                    "there is no field \(quoted(member.name))",
                    "The fields are \(known.joined(separator: ", "))."
                )
            }
            if case .number(let number) = member.value.content, Int(exactly: number) == nil {
                throw refusal("\(quoted(member.name)) is \(number), not a whole number")
            }
        }
    }

    private static func decode(_ json: LocatedJSON, _ bytes: [UInt8]) throws -> WorkerRequest {
        do {
            return try JSONDecoder().decode(WorkerRequest.self, from: Data(bytes))
        } catch DecodingError.keyNotFound(let key, _) {
            throw refusal("it has no field \(quoted(key.stringValue))")
        } catch let error as DecodingError {
            let name = error.path.first?.stringValue ?? ""
            let kind = json[name]?.kind ?? "nothing"
            throw refusal(
                "\(quoted(name)) is \(kind), which cannot be",
                "docs/interactive.md says what each field holds."
            )
        }
    }

    static func refusal(_ why: String, _ remedy: String? = nil) -> EightCutError {
        EightCutError(.usage, "cannot use the request", because: why, remedy: remedy)
    }
}

extension WorkerID {
    fileprivate init?(_ json: LocatedJSON) {
        switch json.content {
        case .string(let text): self = .text(text)
        case .number(let number):
            guard let whole = Int(exactly: number) else { return nil }
            self = .number(whole)
        default: return nil
        }
    }
}

extension DecodingError {
    fileprivate var path: [any CodingKey] {
        switch self {
        case .typeMismatch(_, let context), .valueNotFound(_, let context),
            .dataCorrupted(let context), .keyNotFound(_, let context):
            context.codingPath
        @unknown default: []
        }
    }
}
