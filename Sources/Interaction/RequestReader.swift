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
        guard case .object(let members) = json.content else {
            throw refusal("it is \(json.kind), not an object", "Write a JSON object in one line.")
        }
        let known = WorkerRequest.CodingKeys.allCases.map(\.rawValue)
        if let member = members.first(where: { !known.contains($0.name) }) {
            throw refusal(
                "there is no field \(quoted(member.name))",
                "The fields are \(known.joined(separator: ", "))."
            )
        }
        return json
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
