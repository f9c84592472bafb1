import Diagnostics
import Files
import SystemPackage

/// The fields of a checkpoint's configuration file, read with their defaults and limits. `null`
/// counts as left out, as in the transformers library, which writes these files.
///
/// Every method throws an `EightCutError` with code `inputUnusable` that names the field and the
/// file.
package struct ConfigurationFields: Sendable {
    private let path: FilePath
    /// The names of the enclosing objects, each with a full stop.
    private let prefix: String
    private let fields: JSONFields

    /// More bytes than any configuration file has.
    private static let limit = 1 << 20

    /// Reads a file.
    ///
    /// - Throws: also `inputMissing` when it cannot be read.
    package init(_ path: FilePath) throws {
        let json: LocatedJSON
        do {
            json = try LocatedJSON(parsing: SmallFile.read(path, limit: Self.limit))
        } catch let error as Errno {
            throw Self.error(path, "\(error)", code: .inputMissing)
        } catch let error as JSONParseError {
            throw Self.error(path, "it is no JSON object (line \(error.line): \(error.why))")
        }
        guard json.members != nil else { throw Self.error(path, "it is no JSON object") }
        try self.init(path: path, prefix: "", json: json)
    }

    /// Reads how a checkpoint wants its images: what `processor_config.json` says under
    /// `image_processor`, or else what `preprocessor_config.json` says.
    ///
    /// - Parameter folder: the checkpoint's folder.
    /// - Returns: the fields.
    /// - Throws: also `inputMissing` when there is no file.
    package static func ofImageProcessor(in folder: FilePath) throws -> ConfigurationFields {
        let whole = folder.appending("processor_config.json")
        if (try? Folder.kind(of: whole)) == .file,
            let fields = try ConfigurationFields(whole).object("image_processor")
        {
            return fields
        }
        return try ConfigurationFields(folder.appending("preprocessor_config.json"))
    }

    private init(path: FilePath, prefix: String, json: LocatedJSON) throws {
        self.path = path
        self.prefix = prefix
        fields = try JSONFields(json.withoutNulls, prefix: prefix) { _, why, _ in
            Self.error(path, why)
        }
    }

    /// The content of a field; nil if it is left out.
    package func value(_ name: String) -> LocatedJSON.Content? { fields.value(name)?.content }

    /// An object inside this one; nil if it is left out.
    package func object(_ name: String) throws -> ConfigurationFields? {
        guard let value = fields.value(name) else { return nil }
        guard value.members != nil else {
            throw problem(name, "is \(value.kind), not an object")
        }
        return try ConfigurationFields(path: path, prefix: prefix + name + ".", json: value)
    }

    /// An error about a field of this file.
    package func problem(_ name: String, _ why: String) -> EightCutError {
        Self.error(path, "\(quoted(prefix + name)) \(why)")
    }

    private static func error(
        _ path: FilePath,
        _ why: String,
        code: ErrorCode = .inputUnusable
    ) -> EightCutError {
        EightCutError(
            code,
            "cannot use the model's configuration",
            on: path.string,
            because: why,
            remedy: "Use the files of one of the checkpoints in 8cut models list, unchanged."
        )
    }
}

extension LocatedJSON {
    fileprivate var withoutNulls: LocatedJSON {
        guard let members else { return self }
        let kept = members.filter { $0.value.content != .null }
        return LocatedJSON(content: .object(kept), line: line, range: range)
    }
}

extension ConfigurationFields {
    /// A whole number within limits. `4.0` is one too.
    package func integer(_ name: String, default other: Int, in range: ClosedRange<Int>) throws
        -> Int
    {
        try fields.integer(name).map { try checked($0, name, in: range) } ?? other
    }

    /// Whole numbers within limits, at least one; nil if the field is left out.
    package func integers(_ name: String, in range: ClosedRange<Int>) throws -> [Int]? {
        try fields.list(name)?.map { try checked(fields.integer($0, name), name, in: range) }
    }

    /// The side of a square, written as one number or as two equal ones.
    package func side(_ name: String, default other: Int, in range: ClosedRange<Int>) throws
        -> Int
    {
        guard case .array = value(name) else {
            return try integer(name, default: other, in: range)
        }
        let sides = try integers(name, in: range) ?? []
        guard sides.count == 2, sides[0] == sides[1] else { throw problem(name, "is not square") }
        return sides[0]
    }

    /// A number within limits.
    package func number(_ name: String, default other: Double, in range: ClosedRange<Double>)
        throws -> Double
    {
        try fields.number(name).map { try checked($0, name, in: range) } ?? other
    }

    /// Numbers within limits, at least one; nil if the field is left out.
    package func numbers(_ name: String, in range: ClosedRange<Double>) throws -> [Double]? {
        try fields.list(name)?.map { try checked(fields.number($0, name), name, in: range) }
    }

    /// A number each for red, green and blue.
    package func colour(
        _ name: String,
        default other: [Double],
        in range: ClosedRange<Double>
    ) throws -> [Double] {
        let values = try numbers(name, in: range) ?? other
        guard values.count == 3 else { throw problem(name, "are not 3 numbers") }
        return values
    }

    package func flag(_ name: String, default other: Bool) throws -> Bool {
        try fields.flag(name) ?? other
    }

    /// A text; nil if the field is left out.
    package func text(_ name: String) throws -> String? { try fields.text(name) }

    /// Texts, at least one; nil if the field is left out.
    package func texts(_ name: String) throws -> [String]? {
        try fields.list(name)?.map { value in
            guard let text = value.string else { throw problem(name, "is not a list of texts") }
            return text
        }
    }

    /// Throws unless a text is the supported one.
    package func require(_ name: String, _ supported: String, default other: String?) throws {
        guard let text = try text(name) ?? other else { throw problem(name, "is missing") }
        guard text == supported else {
            throw problem(name, "is \(quoted(text)); only \(quoted(supported)) is supported")
        }
    }

    /// Throws unless a whole number is the supported one.
    package func require(_ name: String, _ supported: Int, default other: Int) throws {
        let number = try integer(name, default: other, in: Int.min...Int.max)
        guard number == supported else {
            throw problem(name, "is \(number); only \(supported) is supported")
        }
    }

    private func checked<Value: Comparable>(
        _ value: Value,
        _ name: String,
        in range: ClosedRange<Value>
    ) throws -> Value {
        guard range.contains(value) else {
            throw problem(name, "is \(value), not \(range.lowerBound) to \(range.upperBound)")
        }
        return value
    }
}
