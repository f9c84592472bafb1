import Diagnostics
import Files
import FoundationEssentials
import Glibc
import InteractiveProtocol
import MaskStore
import Methods
import Prompts
import SystemPackage

/// A line that is not a valid request.
struct RequestError: Error {
    /// The id of the request, if it can be read.
    let id: WorkerID?
    let error: EightCutError
}

/// Parses and checks the lines of clients.
struct RequestReader {
    let json: LocatedJSON
    let request: WorkerRequest

    /// The most bytes in an `id`.
    static let longestID = 200

    /// - Returns: the request's id, and the task.
    /// - Throws: `RequestError`.
    static func read(_ line: RequestLines.Line) throws(RequestError) -> (WorkerID, WorkerTask) {
        var id: WorkerID?
        do {
            guard case .bytes(let bytes) = line else {
                throw invalid("it has more than \(RequestLines.limit) bytes")
            }
            let json = try parse(bytes)
            id = try json["id"].flatMap(WorkerID.init)
            try checkFields(of: json)
            let reader = RequestReader(json: json, request: try decode(json, bytes))
            return (reader.request.id, try reader.task())
        } catch let error as EightCutError {
            throw RequestError(id: id, error: error)
        } catch {
            throw RequestError(id: id, error: invalid("\(error)"))
        }
    }

    private static func parse(_ bytes: [UInt8]) throws -> LocatedJSON {
        let json: LocatedJSON
        do {
            json = try LocatedJSON(parsing: bytes)
        } catch {
            throw invalid(
                "column \(error.column): \(error.why)",
                "Write a JSON object in one line."
            )
        }
        guard case .object = json.content else {
            throw invalid("it is \(json.kind), not an object", "Write a JSON object in one line.")
        }
        return json
    }

    /// Checks what the decoder would accept, or would report without a name.
    private static func checkFields(of json: LocatedJSON) throws {
        guard case .object(let members) = json.content else { return }
        let known = WorkerRequest.CodingKeys.allCases.map(\.rawValue)
        for member in members {
            guard known.contains(member.name) else {
                throw invalid(
                    "there is no field \(quoted(String(member.name.prefix(longestID))))",
                    "The fields are \(known.joined(separator: ", "))."
                )
            }
            if case .number(let number) = member.value.content, Int(exactly: number) == nil {
                throw invalid("\(quoted(member.name)) is \(number), not a whole number")
            }
        }
    }

    private static func decode(_ json: LocatedJSON, _ bytes: [UInt8]) throws -> WorkerRequest {
        do {
            return try JSONDecoder().decode(WorkerRequest.self, from: Data(bytes))
        } catch DecodingError.keyNotFound(let key, _) {
            throw invalid("it has no field \(quoted(key.stringValue))")
        } catch let error as DecodingError {
            let name = error.path.first?.stringValue ?? ""
            let kind = json[name]?.kind ?? "nothing"
            throw invalid(
                "\(quoted(name)) is \(kind), which cannot be",
                "docs/reference/interactive.md describes the fields."
            )
        }
    }

    static func invalid(_ why: String, _ remedy: String? = nil) -> EightCutError {
        EightCutError(.usage, "cannot use the request", because: why, remedy: remedy)
    }
}

extension WorkerID {
    fileprivate init?(_ json: LocatedJSON) throws {
        switch json.content {
        case .string(let text):
            // All answers repeat it.
            guard text.utf8.count <= RequestReader.longestID else {
                throw RequestReader.invalid(
                    "'id' has more than \(RequestReader.longestID) bytes"
                )
            }
            self = .text(text)
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

extension RequestReader {
    /// Checks that needed fields are present, and that no other is.
    func task() throws -> WorkerTask {
        let (needed, others) = request.action.fields
        for key in needed where json[key.rawValue] == nil {
            throw Self.invalid("'\(request.action.rawValue)' needs the field '\(key.rawValue)'")
        }
        let allowed = needed + others + [.id, .action]
        for key in WorkerRequest.CodingKeys.allCases
        where json[key.rawValue] != nil && !allowed.contains(key) {
            throw Self.invalid("'\(key.rawValue)' does not go with '\(request.action.rawValue)'")
        }
        switch request.action {
        case .mask:
            let frame = try frame()
            return .mask(
                MaskTask(
                    frame: frame,
                    prompts: try prompts(on: frame),
                    output: try imagePath(),
                    drawing: try drawing(),
                    replaces: request.overwrite ?? false
                )
            )
        case .encode: return .encode(frame: try frame())
        case .find: return .find(count: try count())
        case .run:
            return .run(
                RunTask(
                    prompts: try prompts(on: nil),
                    output: try path(),
                    drawing: try drawing(),
                    inverts: request.invert ?? false,
                    replaces: request.overwrite ?? false
                )
            )
        case .cancel: return .cancel(request.request)
        }
    }

    private func frame() throws -> Int {
        guard let frame = request.frame, Prompt.frames.contains(frame) else {
            let given = request.frame.map { "\($0)" } ?? "null"
            throw Self.invalid("'frame' is \(given)", "The first frame is 0.")
        }
        return frame
    }

    private func count() throws -> Int {
        let count = request.count ?? FindWork.usualCount
        guard Prompt.objects.contains(count) else {
            throw Self.invalid(
                "'count' is \(count)",
                "It must be between 1 and \(Prompt.objects.upperBound)."
            )
        }
        return count
    }

    private func path() throws -> FilePath? {
        guard let output = request.output else { return nil }
        guard (1...Int(PATH_MAX)).contains(output.utf8.count), !output.utf8.contains(0) else {
            throw Self.invalid("'output' is no name of a file or folder")
        }
        return FilePath(output).absolute
    }

    /// The output must be a PNG file, so that nothing else, such as the video, is replaced by mistake.
    private func imagePath() throws -> FilePath {
        guard let path = try path(), path.extension?.lowercased() == "png" else {
            throw Self.invalid("'output' is no name of a .png file")
        }
        return path
    }

    private func drawing() throws -> DrawingOptions {
        let options = DrawingOptions(
            objects: SamSettings.Objects(request.objects ?? .union),
            fillHoles: request.fillHoles ?? SamSettings.defaultFillHoles,
            dropSpecks: request.dropSpecks ?? 0
        )
        for (name, count) in [("fillHoles", options.fillHoles), ("dropSpecks", options.dropSpecks)]
        where !SamSettings.pixelCounts.contains(count) {
            throw Self.invalid(
                "'\(name)' is \(count)",
                "It must be between 0 and \(SamSettings.pixelCounts.upperBound)."
            )
        }
        return options
    }

    /// The prompts, all on `frame` unless that is nil.
    private func prompts(on frame: Int?) throws -> PromptList {
        guard var list = json["prompts"] else { return PromptList() }
        if let frame { list = list.naming(frame) }
        let prompts = try PromptList(json: list, from: .line("request \(visible("\(request.id)"))"))
        if let frame, let other = prompts.entries.first(where: { $0.prompt.frame != frame }) {
            throw Self.invalid(
                "a prompt is on frame \(other.prompt.frame), and 'frame' is \(frame)",
                "All prompts of 'mask' are on its frame; 'run' takes them on any."
            )
        }
        return prompts
    }
}

extension LocatedJSON {
    /// The list with `frame` added to those prompts that have none.
    fileprivate func naming(_ frame: Int) -> LocatedJSON {
        guard case .array(let items) = content else { return self }
        let named = items.map { item in
            guard case .object(let members) = item.content, item["frame"] == nil else {
                return item
            }
            let number = LocatedJSON(content: .number(Double(frame)), line: item.line)
            return LocatedJSON(
                content: .object(
                    members + [Member(name: "frame", line: item.line, value: number)]
                ),
                line: item.line
            )
        }
        return LocatedJSON(content: .array(named), line: line)
    }
}

/// A checked request.
enum WorkerTask: Sendable {
    case mask(MaskTask)
    case encode(frame: Int)
    case find(count: Int)
    case run(RunTask)
    case cancel(WorkerID?)
}

struct MaskTask: Sendable {
    let frame: Int
    let prompts: PromptList
    let output: FilePath
    let drawing: DrawingOptions
    /// Whether files that this server has not written may be replaced.
    let replaces: Bool
}

struct RunTask: Sendable {
    let prompts: PromptList
    /// Nil for the default folder next to the video.
    let output: FilePath?
    let drawing: DrawingOptions
    let inverts: Bool
    let replaces: Bool
}

/// How masks are post-processed and written.
struct DrawingOptions: Sendable {
    let objects: SamSettings.Objects
    let fillHoles: Int
    let dropSpecks: Int

    /// The settings for prompts; nil for the object that is found by itself.
    func settings(_ prompts: ResolvedPrompts?) -> SamSettings {
        SamSettings(
            prompts: prompts,
            objects: objects,
            fillHoles: fillHoles,
            dropSpecks: dropSpecks
        )
    }
}

extension SamSettings.Objects {
    fileprivate init(_ objects: WorkerRequest.Objects) {
        self =
            switch objects {
            case .union: .union
            case .separate: .separate
            case .labels: .labels
            }
    }
}
