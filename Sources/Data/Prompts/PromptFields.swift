import Diagnostics
import Files

/// The fields of an object in JSON, read with their types.
///
/// Every method throws an `EightCutError` that names the place, the line and the field.
struct PromptFields {
    private let members: [LocatedJSON.Member]
    /// Where a line is, for messages.
    private let origin: (_ line: Int) -> PromptOrigin
    /// The line that the object begins in.
    let line: Int

    /// - Throws: when it is no object.
    init(_ value: LocatedJSON, _ origin: @escaping (_ line: Int) -> PromptOrigin) throws {
        guard case .object(let members) = value.content else {
            throw origin(value.line).refusal(
                "it is \(value.kind), not an object",
                remedy: "Write { and }, with fields between them."
            )
        }
        self.members = members
        self.origin = origin
        line = value.line
    }

    /// The value of a field; nil where it is left out.
    func value(_ name: String) -> LocatedJSON? {
        members.first { $0.name == name }?.value
    }

    /// - Throws: when there is a field that is none of these.
    func checkNames(_ names: [String]) throws {
        guard let member = members.first(where: { !names.contains($0.name) }) else { return }
        let known = names.map(quoted).joined(separator: ", ")
        let near = nearest(to: member.name, among: names)
        throw origin(member.line).refusal(
            "there is no field \(quoted(member.name))",
            remedy: near.map { "Is \(quoted($0)) meant?" } ?? "The fields are \(known)."
        )
    }

    private var whole: String { "Write a whole number, without quotes." }

    /// A whole number; nil where it is left out. `4.0` is one too.
    func integer(_ name: String) throws -> Int? {
        guard let value = value(name) else { return nil }
        guard case .number(let number) = value.content else {
            throw problem(value, name, "is \(value.kind), not a whole number", remedy: whole)
        }
        guard let integer = Int(exactly: number) else {
            throw problem(value, name, "is \(plain(number)), not a whole number", remedy: whole)
        }
        return integer
    }

    /// The places in a list, x and y in turns, of which messages speak by these names; nil where it
    /// is left out.
    func lengths(_ name: String, _ names: [String]) throws -> [Length]? {
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
            try length(item, name, names[index], index % 2 == 0 ? .x : .y)
        }
    }

    /// A text that is not empty; nil where it is left out.
    func text(_ name: String) throws -> String? {
        guard let value = value(name) else { return nil }
        guard case .string(let text) = value.content else {
            throw problem(
                value,
                name,
                "is \(value.kind), not a text",
                remedy: "Write the name of a PNG file, in quotes."
            )
        }
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

    /// The error of a field.
    func problem(_ value: LocatedJSON, _ name: String, _ why: String, remedy: String)
        -> EightCutError
    {
        origin(value.line).refusal("\(quoted(name)) \(why)", remedy: remedy)
    }

    private func length(_ value: LocatedJSON, _ field: String, _ name: String, _ axis: Axis)
        throws -> Length
    {
        switch value.content {
        case .number(let number): return .pixels(number)
        case .string(let text):
            let origin = origin(value.line)
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
