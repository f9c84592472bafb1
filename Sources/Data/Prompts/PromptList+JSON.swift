import Diagnostics
import Files
import SystemPackage

extension PromptList {
    /// The version of the format.
    package static let version = 1
    /// The most bytes of a prompts file.
    package static let fileLimit = 1 << 20

    /// Reads a prompts file (docs/reference/prompts.md).
    ///
    /// - Throws: `EightCutError`: `inputMissing` when it cannot be read, `inputUnusable` with line
    ///   and field when it is invalid.
    package init(file path: FilePath) throws {
        let source = PromptSource.file(path)
        let document = try Self.document(path)
        let fields = try JSONFields(document) { source.origin(line: $0).error($1, remedy: $2) }
        // Another version may have other fields.
        guard let version = fields.value("v") else {
            throw source.origin(line: document.line).error(
                "it has no version",
                remedy: "Begin it with {\"v\": \(Self.version), \"prompts\": [ …"
            )
        }
        let number = try fields.integer("v")
        guard number == Self.version else {
            throw source.origin(line: version.line).error(
                "it is of version \(number ?? 0), and 8cut \(programVersion) knows version "
                    + "\(Self.version)",
                remedy: "Write \"v\": \(Self.version) if it follows docs/reference/prompts.md."
            )
        }
        try fields.checkNames(["v", "prompts"])
        guard let list = fields.value("prompts") else {
            throw source.origin(line: document.line).error(
                "it has no field 'prompts'",
                remedy: "Write \"prompts\": [ and the prompts behind the version."
            )
        }
        try self.init(json: list, from: source)
    }

    private static func document(_ path: FilePath) throws -> LocatedJSON {
        let what = "cannot read the prompts"
        do {
            return try LocatedJSON(parsing: SmallFile.read(path, limit: fileLimit))
        } catch let error as JSONParseError {
            throw EightCutError(
                .inputUnusable,
                what,
                on: path.string,
                because: "line \(error.line), column \(error.column): \(error.why)",
                remedy: "The file must be JSON."
            )
        } catch Errno.fileTooLarge {
            throw EightCutError(
                .inputUnusable,
                what,
                on: path.string,
                because: "the file has more than \(fileLimit) bytes",
                remedy: "Choose a prompts file (docs/reference/prompts.md)."
            )
        } catch let error as Errno {
            throw EightCutError(.inputMissing, what, on: path.string, because: "\(error)")
        }
    }
}

extension PromptList {
    private static let names = ["frame", "object", "point", "label", "box", "mask", "text"]
    private static let contentNames = ["point", "box", "mask", "text"]

    /// Reads a JSON list of prompts (docs/reference/prompts.md).
    ///
    /// - Parameters:
    ///   - list: the list.
    ///   - source: where it comes from.
    /// - Throws: `EightCutError` (`inputUnusable`) that names the prompt, the line and the field.
    package init(json list: LocatedJSON, from source: PromptSource) throws {
        self.init()
        guard case .array(let items) = list.content else {
            throw source.origin(line: list.line).error(
                "the prompts are \(list.kind), not a list",
                remedy: "Write [ and ], with prompts between them."
            )
        }
        guard !items.isEmpty else {
            throw source.origin(line: list.line).error(
                "there are no prompts",
                remedy: "Add one. Without a list the object is found automatically."
            )
        }
        for (index, item) in items.enumerated() {
            let origin = { @Sendable (line: Int) in source.origin(index + 1, line: line) }
            let fields = try JSONFields(item) { origin($0).error($1, remedy: $2) }
            if let text = try Self.text(fields, origin) {
                try append(text)
            } else {
                try append(try Self.prompt(fields, source, origin), from: origin(item.line))
            }
        }
    }

    /// A prompt that is a text; nil for another.
    private static func text(
        _ fields: JSONFields,
        _ origin: (_ line: Int) -> PromptOrigin
    ) throws -> TextPrompt? {
        guard let value = fields.value("text"), let words = try fields.text("text") else {
            return nil
        }
        try fields.checkNames(names)
        let others = ["frame", "label"] + contentNames.filter { !$0.isExactly("text") }
        for name in others {
            guard let other = fields.value(name) else { continue }
            throw fields.problem(
                other,
                name,
                "does not go with a text",
                remedy: "Leave it out: a text has an object at most, and is looked for on several "
                    + "frames."
            )
        }
        let object = try fields.integer("object") ?? 1
        return TextPrompt(words, object: object, from: origin(value.line))
    }

    private static func prompt(
        _ fields: JSONFields,
        _ source: PromptSource,
        _ origin: (_ line: Int) -> PromptOrigin
    ) throws -> Prompt {
        try fields.checkNames(names)
        let frame = try fields.integer("frame") ?? 0
        if let value = fields.value("frame") { try origin(value.line).check(frame: frame) }
        let object = try fields.integer("object") ?? 1
        if let value = fields.value("object") { try origin(value.line).check(object: object) }

        let given = contentNames.filter { fields.value($0) != nil }
        guard given.count == 1 else {
            throw origin(fields.line).error(
                given.isEmpty
                    ? "it has no 'point', 'box', 'mask' or 'text'"
                    : "it has both \(quoted(given[0])) and \(quoted(given[1]))",
                remedy: "Each prompt has one of 'point', 'box', 'mask' and 'text'."
            )
        }
        return Prompt(
            frame: frame,
            object: object,
            try content(fields, source, origin)
        )
    }

    private static func content(
        _ fields: JSONFields,
        _ source: PromptSource,
        _ origin: (_ line: Int) -> PromptOrigin
    ) throws -> Prompt.Content {
        let isPositive = try isPositive(fields)
        if let point = try fields.lengths("point", ["x", "y"], origin) {
            return .point(Coordinate(x: point[0], y: point[1]), isPositive: isPositive)
        }
        if let box = try fields.lengths("box", ["x0", "y0", "x1", "y1"], origin) {
            return .box(Coordinate(x: box[0], y: box[1]), Coordinate(x: box[2], y: box[3]))
        }
        return .mask(source.folder.pushing(FilePath(try fields.fileName("mask"))))
    }

    private static func isPositive(_ fields: JSONFields) throws -> Bool {
        guard let value = fields.value("label") else { return true }
        guard fields.value("point") != nil else {
            throw fields.problem(
                value,
                "label",
                "goes with a point only",
                remedy: "Leave it out: boxes and masks are always positive."
            )
        }
        guard let label = try fields.integer("label"), label == 0 || label == 1 else {
            throw fields.problem(
                value,
                "label",
                "is neither 1 nor 0",
                remedy: "1 is a point on the object, 0 one beside it."
            )
        }
        return label == 1
    }
}

extension JSONFields {
    /// The name of a file; empty if it is left out.
    fileprivate func fileName(_ name: String) throws -> String {
        guard let value = value(name), let text = try text(name) else { return "" }
        guard !text.isEmpty, !text.unicodeScalars.contains("\0") else {
            throw problem(
                value,
                name,
                "is no name of a file",
                remedy: "Write the name of a PNG file, in quotes."
            )
        }
        return text
    }

    /// A list of lengths along x and y in turn; nil if it is left out. `names` are the names of the
    /// lengths for messages.
    fileprivate func lengths(
        _ name: String,
        _ names: [String],
        _ origin: (_ line: Int) -> PromptOrigin
    ) throws -> [Length]? {
        guard let value = value(name) else { return nil }
        guard case .array(let items) = value.content else {
            throw problem(
                value,
                name,
                "is \(value.kind), not a list of \(names.count) numbers",
                remedy: "Write [\(names.joined(separator: ", "))]."
            )
        }
        guard items.count == names.count else {
            throw problem(
                value,
                name,
                "has \(items.count) numbers instead of \(names.count)",
                remedy: "Write [\(names.joined(separator: ", "))]."
            )
        }
        return try items.enumerated().map { index, item in
            try length(item, name, names[index], index % 2 == 0 ? .x : .y, origin(item.line))
        }
    }

    private func length(
        _ value: LocatedJSON,
        _ field: String,
        _ name: String,
        _ axis: Axis,
        _ origin: PromptOrigin
    ) throws -> Length {
        switch value.content {
        case .number(let number): return .pixels(number)
        case .string(let text):
            let length = try axis.length(text, "\(quoted(field)): \(name)", origin)
            guard case .fraction = length else {
                throw problem(
                    value,
                    field,
                    "has a number of pixels, \(quoted(text)), in quotes",
                    remedy: "Write numbers of pixels without quotes."
                )
            }
            return length
        default:
            throw problem(
                value,
                field,
                "has \(value.kind) where \(name) belongs",
                remedy:
                    "Write pixels, such as 640, or a part of the \(axis.name), such as \"0.5\(axis.rawValue)\"."
            )
        }
    }
}
