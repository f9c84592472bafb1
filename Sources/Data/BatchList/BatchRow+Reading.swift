import Diagnostics
import Files
import SystemPackage

extension BatchRow {
    /// Reads a line of a list.
    ///
    /// - Parameters:
    ///   - bytes: the line, without its end.
    ///   - line: its number, from 1.
    ///   - folder: what relative paths are relative to; absolute.
    ///   - report: makes the error for a problem in the line.
    /// - Throws: what `report` makes of the first mistake.
    init(
        parsing bytes: [UInt8],
        line: Int,
        in folder: FilePath,
        report: @escaping JSONFields.Report
    ) throws {
        let remedy =
            "Write one JSON object in each line, such as "
            + #"{"id": "a", "input": "a.mp4", "output": "a_masks", "method": "saliency"}."#
        // One JSON array is what people take for JSON lines.
        guard bytes.first != UInt8(ascii: "[") else { throw report(1, "it is no object", remedy) }
        let json: LocatedJSON
        do throws(JSONParseError) {
            json = try LocatedJSON(parsing: bytes)
        } catch {
            throw report(1, "column \(error.column): \(error.why)", remedy)
        }
        let fields = RowFields(try JSONFields(json, report: report), folder)
        try fields.json.checkNames(Field.allCases.map(\.rawValue))
        let output = try fields.requiredPlace(.output)
        self.init(
            id: try fields.id(),
            video: try fields.video(output),
            output: output,
            method: try fields.method()
        )
        promptList = fields.list(.prompts)
        if promptList == nil { prompts = try fields.place(.prompts) }
        settings = try fields.settings()
        label = try fields.text(.label)
        category = try fields.text(.category)
        frames = try fields.frames()
        pins = Pins(
            device: try fields.text(.device),
            precision: try fields.text(.precision),
            revision: try fields.text(.revision)
        )
        self.line = line
        for (name, pinned) in [("device", pins.device), ("precision", pins.precision)]
        where pinned != nil && settings[name] != nil {
            throw report(1, "\(quoted(name)) is in the row and in its settings", "Write it once.")
        }
    }
}

extension BatchRow {
    /// Options that a row sets in fields of its own, or that belong to the whole run.
    private static let notSettings: Set = [
        "input", "clip", "last", "output", "prompts", "interactive", "progress", "quiet",
        "verbose", "help", "version",
    ]

    /// Whether a name can be that of a setting: the long name of an option, without the dashes.
    package static func isSetting(_ name: String) -> Bool {
        !name.isEmpty && !name.hasPrefix(exactly: "-") && !notSettings.contains(name)
            && name.utf8.allSatisfy {
                (0x61...0x7a).contains($0) || (0x30...0x39).contains($0) || $0 == 0x2d
            }
    }
}

/// The fields of a row, with the rules of each.
private struct RowFields {
    let json: JSONFields
    private let folder: FilePath

    init(_ json: JSONFields, _ folder: FilePath) {
        (self.json, self.folder) = (json, folder)
    }

    private func problem(_ field: BatchRow.Field, _ why: String, _ remedy: String)
        -> EightCutError
    {
        let value = json.value(field.rawValue) ?? LocatedJSON(content: .null, line: json.line)
        return json.problem(value, field.rawValue, why, remedy: remedy)
    }

    private func missing(_ field: BatchRow.Field, _ remedy: String) -> EightCutError {
        problem(field, "is left out", remedy)
    }

    /// A text that is not empty; nil if it is left out.
    func text(_ field: BatchRow.Field) throws -> String? {
        guard let text = try json.text(field.rawValue) else { return nil }
        guard !text.isEmpty else {
            throw problem(field, "is empty", "Write a value, or leave the field out.")
        }
        guard !text.utf8.contains(0) else {
            throw problem(field, "has a zero character", "Take it out.")
        }
        return text
    }

    func place(_ field: BatchRow.Field) throws -> BatchPlace? {
        guard let text = try json.text(field.rawValue) else { return nil }
        do {
            return try BatchPlace(text, in: folder)
        } catch {
            throw problem(field, error.why, error.remedy)
        }
    }

    /// A list; nil for what is none.
    func list(_ field: BatchRow.Field) -> LocatedJSON? {
        json.value(field.rawValue).flatMap { $0.items == nil ? nil : $0 }
    }

    func requiredPlace(_ field: BatchRow.Field) throws -> BatchPlace {
        guard let place = try place(field) else {
            throw missing(field, "Name the folder for the masks.")
        }
        return place
    }

    func id() throws -> String {
        let remedy = "Write a name of at most 200 bytes, without a slash, that begins with no dot."
        guard let id = try json.text("id") else { throw missing(.id, remedy) }
        guard ResultFolder.allows(id) else {
            throw problem(.id, "is no file name: \(quoted(id))", remedy)
        }
        return id
    }

    func method() throws -> BatchMethod {
        let names = BatchMethod.allCases.map(\.rawValue).joined(separator: ", ")
        guard let name = try json.text("method") else {
            throw missing(.method, "Name a method: \(names).")
        }
        guard let method = BatchMethod(rawValue: name) else {
            throw problem(.method, "is no method: \(quoted(name))", "The methods are \(names).")
        }
        return method
    }

    /// The clip, or the cut that it comes from.
    func video(_ output: BatchPlace) throws -> BatchRow.Video {
        let (input, source) = (try place(.input), try place(.source))
        let ofCut: [BatchRow.Field] = [.start, .duration, .profile, .clip]
        if let input {
            guard source == nil else {
                throw problem(
                    .source,
                    "is beside 'input'",
                    "Write 'input' for a clip that is there, or 'source' for one to cut."
                )
            }
            if let field = ofCut.first(where: { json.value($0.rawValue) != nil }) {
                throw problem(field, "goes with 'source' only", "Leave it out, or write 'source'.")
            }
            return .clip(input)
        }
        guard let source else {
            throw missing(.input, "Name the clip, or a 'source' and the 'start' of the clip in it.")
        }
        guard let start = try time(.start) else {
            throw missing(.start, "Write when the clip begins: seconds, h:m:s, or @frame.")
        }
        let clip =
            try place(.clip)
            ?? (try? BatchPlace(BatchRow.clip(besides: output.written), in: folder)) ?? output
        guard clip.location != source.location, clip.location != output.location else {
            throw problem(.clip, "is also read, or the folder of the masks", "Name another file.")
        }
        return .cut(
            BatchRow.Cut(
                source: source,
                start: start,
                duration: try time(.duration),
                profile: try text(.profile),
                clip: clip
            )
        )
    }

    /// A time as a text, which whoever cuts understands. A number is one of seconds.
    private func time(_ field: BatchRow.Field) throws -> String? {
        guard let value = json.value(field.rawValue) else { return nil }
        if value.string != nil { return try text(field) }
        let remedy = "Write seconds, or a text such as \"1:02.5\"."
        guard let seconds = value.number else {
            throw problem(field, "is \(value.kind), neither a number nor a text", remedy)
        }
        // Less than a tenth of a millisecond would have an exponent.
        guard (0...1e9).contains(seconds), seconds == 0 || seconds >= 1e-4 else {
            throw problem(field, "is no time: \(decimal(seconds))", remedy)
        }
        return decimal(seconds)
    }

    func frames() throws -> Int? {
        guard let frames = try json.integer("frames") else { return nil }
        guard BatchRow.frameCounts.contains(frames) else {
            throw problem(
                .frames,
                "is \(frames)",
                "Write a number from 1 to \(BatchRow.frameCounts.upperBound), or leave it out."
            )
        }
        return frames
    }

    func settings() throws -> [String: JSONScalar] {
        guard let value = json.value("settings") else { return [:] }
        guard let members = value.members else {
            throw problem(
                .settings,
                "is \(value.kind), not an object",
                #"Write option names and values, such as {"threshold": 100}."#
            )
        }
        return try members.reduce(into: [:]) { settings, member in
            guard BatchRow.isSetting(member.name) else {
                throw problem(
                    .settings,
                    "sets \(quoted(member.name)), which is no setting of a method",
                    "Write the long names of the method's options, without the dashes before them."
                )
            }
            settings[member.name] = try scalar(member)
        }
    }

    private func scalar(_ member: LocatedJSON.Member) throws -> JSONScalar {
        switch member.value.content {
        case .bool(let flag): return .flag(flag)
        case .number(let number): return .number(number)
        case .string(let text) where !text.utf8.contains(0): return .text(text)
        default:
            throw problem(
                .settings,
                "has \(member.value.kind) for \(quoted(member.name))",
                "Write a text, a number, true or false."
            )
        }
    }
}
