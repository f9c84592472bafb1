import Diagnostics
import Files
import SystemPackage

extension PromptList {
    private static let names = ["frame", "object", "point", "label", "box", "mask"]
    private static let markNames = ["point", "box", "mask"]

    /// Reads a JSON list of prompts, the format that docs/prompts.md describes.
    ///
    /// - Parameters:
    ///   - list: the list itself.
    ///   - source: where it comes from.
    /// - Throws: `EightCutError` (`inputUnusable`) that names the prompt, the line and the field.
    package init(json list: LocatedJSON, from source: PromptSource) throws {
        self.init()
        guard case .array(let items) = list.content else {
            throw source.origin(line: list.line).refusal(
                "the prompts are \(list.kind), not a list",
                remedy: "Write [ and ], with prompts between them."
            )
        }
        guard !items.isEmpty else {
            throw source.origin(line: list.line).refusal(
                "there are no prompts",
                remedy: "Add one. Without a list the middle of the first frame is meant."
            )
        }
        for (index, item) in items.enumerated() {
            let fields = try PromptFields(item) { source.origin(index + 1, line: $0) }
            try append(
                try Self.prompt(fields, source) { source.origin(index + 1, line: $0) },
                from: source.origin(index + 1, line: item.line)
            )
        }
    }

    private static func prompt(
        _ fields: PromptFields,
        _ source: PromptSource,
        _ origin: (_ line: Int) -> PromptOrigin
    ) throws -> Prompt {
        try fields.checkNames(names)
        let frame = try fields.integer("frame") ?? 0
        if let value = fields.value("frame") { try origin(value.line).check(frame: frame) }
        let object = try fields.integer("object") ?? 1
        if let value = fields.value("object") { try origin(value.line).check(object: object) }

        let given = markNames.filter { fields.value($0) != nil }
        guard given.count == 1 else {
            throw origin(fields.line).refusal(
                given.isEmpty
                    ? "it has no 'point', 'box' or 'mask'"
                    : "it has both \(quoted(given[0])) and \(quoted(given[1]))",
                remedy: "Each prompt has one of 'point', 'box' and 'mask'."
            )
        }
        let isPositive = try isPositive(fields)
        return Prompt(
            frame: frame,
            object: object,
            mark: try mark(fields, isPositive, in: source.folder)
        )
    }

    private static func mark(_ fields: PromptFields, _ isPositive: Bool, in folder: FilePath)
        throws -> Mark
    {
        if let point = try fields.lengths("point", ["x", "y"]) {
            return .point(Coordinate(x: point[0], y: point[1]), isPositive: isPositive)
        }
        if let box = try fields.lengths("box", ["x0", "y0", "x1", "y1"]) {
            return .box(Coordinate(x: box[0], y: box[1]), Coordinate(x: box[2], y: box[3]))
        }
        return .mask(folder.pushing(FilePath(try fields.text("mask") ?? "")))
    }

    private static func isPositive(_ fields: PromptFields) throws -> Bool {
        guard let value = fields.value("label") else { return true }
        guard fields.value("point") != nil else {
            throw fields.problem(
                value,
                "label",
                "goes with a point only",
                remedy: "Leave it out: a box and a mask are always about the object itself."
            )
        }
        guard let label = try fields.integer("label"), label == 0 || label == 1 else {
            throw fields.problem(
                value,
                "label",
                "is neither 1 nor 0",
                remedy: "1 is a place on the object, 0 one beside it."
            )
        }
        return label == 1
    }
}
