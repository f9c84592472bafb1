import Diagnostics

/// A JSON value that keeps where it was found: the line, for messages about what people write by
/// hand, and the byte range, to copy it unchanged.
package struct LocatedJSON: Sendable, Equatable {
    package enum Content: Sendable, Equatable {
        case null
        case bool(Bool)
        /// A finite number.
        case number(Double)
        case string(String)
        case array([LocatedJSON])
        /// In the order of the text.
        case object([Member])
    }

    /// A name in an object and its value.
    package struct Member: Sendable, Equatable {
        package let name: String
        /// The line of the name, from 1.
        package let line: Int
        /// The bytes of the name, with its quotation marks.
        package let nameRange: Range<Int>
        package let value: LocatedJSON

        package init(
            name: String,
            line: Int,
            nameRange: Range<Int> = 0..<0,
            value: LocatedJSON
        ) {
            self.name = name
            self.line = line
            self.nameRange = nameRange
            self.value = value
        }
    }

    /// How strictly a text is parsed: as JSON (RFC 8259) in UTF-8.
    package enum Mode: Sendable {
        /// Rejects duplicate names, numbers that no `Double` can hold, and unpaired surrogates.
        case strict
        /// Accepts all JSON: keeps members of the same name, and reads numbers and texts that
        /// cannot be represented as null. Their bytes are still known. Also accepts a byte order
        /// mark and the `NaN`, `Infinity` and `-Infinity` of Python, which are no JSON.
        case lenient

        /// Limits the depth of the parser's recursion.
        var maximumDepth: Int { self == .strict ? 64 : 512 }
        var rejectsDuplicateNames: Bool { self == .strict }
        var readsUnrepresentableAsNull: Bool { self == .lenient }
        var readsWhatProgramsWrite: Bool { self == .lenient }
    }

    package let content: Content
    /// The line of the first byte, from 1.
    package let line: Int
    /// The bytes of the value, without the space around it; empty for values that were not parsed.
    package let range: Range<Int>

    package init(content: Content, line: Int, range: Range<Int> = 0..<0) {
        self.content = content
        self.line = line
        self.range = range
    }

    /// Parses a text that is one JSON value.
    ///
    /// - Throws: the first `JSONParseError`.
    package init(parsing bytes: [UInt8], _ mode: Mode = .strict) throws(JSONParseError) {
        var parser = JSONParser(bytes, mode)
        self = try parser.parseDocument()
    }
}

extension LocatedJSON {
    /// The value of the first member of that name; nil if there is none, or this is no object.
    package subscript(name: String) -> LocatedJSON? {
        members?.first { $0.name.isExactly(name) }?.value
    }

    package var members: [Member]? {
        guard case .object(let members) = content else { return nil }
        return members
    }

    package var items: [LocatedJSON]? {
        guard case .array(let items) = content else { return nil }
        return items
    }

    package var string: String? {
        guard case .string(let text) = content else { return nil }
        return text
    }

    package var number: Double? {
        guard case .number(let number) = content else { return nil }
        return number
    }

    /// A whole number; `4.0` is one too.
    package var integer: Int? { number.flatMap(Int.init(exactly:)) }

    package var bool: Bool? {
        guard case .bool(let flag) = content else { return nil }
        return flag
    }

    /// The kind of value, for messages: "a number".
    package var kind: String {
        switch content {
        case .null: "null"
        case .bool(let flag): "\(flag)"
        case .number: "a number"
        case .string: "a text"
        case .array: "a list"
        case .object: "an object"
        }
    }
}

/// Why a text is not JSON, and where.
package struct JSONParseError: Error, Sendable, Equatable {
    /// From 1.
    package let line: Int
    /// From 1, in Unicode scalars.
    package let column: Int
    /// As a clause: "expected a value, found ']'".
    package let why: String
}
