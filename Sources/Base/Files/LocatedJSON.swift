/// Any JSON, with the lines that its parts stand in, for what people write by hand.
///
/// Stricter than Foundation: a name twice in an object, and a number that is too large, are flaws.
package struct LocatedJSON: Sendable, Equatable {
    /// What it is.
    package enum Content: Sendable, Equatable {
        case null
        case bool(Bool)
        /// A finite number.
        case number(Double)
        case string(String)
        case array([LocatedJSON])
        /// In the order of the text; no name comes twice.
        case object([Member])
    }

    /// A name in an object and its value.
    package struct Member: Sendable, Equatable {
        package let name: String
        /// The line that the name stands in, from 1.
        package let line: Int
        package let value: LocatedJSON

        package init(name: String, line: Int, value: LocatedJSON) {
            self.name = name
            self.line = line
            self.value = value
        }
    }

    /// What it is.
    package let content: Content
    /// The line that it begins in, from 1.
    package let line: Int

    package init(content: Content, line: Int) {
        self.content = content
        self.line = line
    }

    /// Reads a text that is one JSON value (RFC 8259) in UTF-8.
    ///
    /// - Throws: `JSONParseError`, the first one.
    package init(parsing bytes: [UInt8]) throws(JSONParseError) {
        var reader = JSONReader(bytes)
        self = try reader.readDocument()
    }

    /// The value under a name; nil where this is no object or has no such name.
    package subscript(name: String) -> LocatedJSON? {
        guard case .object(let members) = content else { return nil }
        return members.first { $0.name == name }?.value
    }

    /// What it is, in a word or two: "a number".
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
    /// What is wrong, as a clause: "expected a value, found ']'".
    package let why: String
}
