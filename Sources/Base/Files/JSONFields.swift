import Diagnostics

/// The fields of a JSON object, read with their types. Every method throws what `report` makes of
/// the first problem.
package struct JSONFields: Sendable {
    /// Makes the error for a problem in a line: `why` is a clause about the whole object, such as
    /// "'frame' is a text, not a whole number".
    package typealias Report =
        @Sendable (_ line: Int, _ why: String, _ remedy: String) ->
        EightCutError

    /// The object's first line.
    package let line: Int
    private let members: [LocatedJSON.Member]
    /// Comes before the names of fields in messages: "backbone_config.".
    private let prefix: String
    private let report: Report

    /// - Throws: when `json` is not an object.
    package init(_ json: LocatedJSON, prefix: String = "", report: @escaping Report) throws {
        guard let members = json.members else {
            throw report(
                json.line,
                "it is \(json.kind), not an object",
                "Write { and }, with fields between them."
            )
        }
        self.members = members
        self.prefix = prefix
        self.report = report
        line = json.line
    }

    /// The value of a field; nil if it is left out.
    package func value(_ name: String) -> LocatedJSON? {
        members.first { $0.name.isExactly(name) }?.value
    }

    /// The error of a field.
    package func problem(_ value: LocatedJSON, _ name: String, _ why: String, remedy: String)
        -> EightCutError
    {
        report(value.line, "\(quoted(prefix + name)) \(why)", remedy)
    }

    /// - Throws: when there is a field of another name.
    package func checkNames(_ names: [String]) throws {
        guard let member = members.first(where: { !names.contains($0.name) }) else { return }
        let known = names.map(quoted).joined(separator: ", ")
        let near = nearest(to: member.name, among: names)
        throw report(
            member.line,
            "there is no field \(quoted(member.name))",
            near.map { "Is \(quoted($0)) meant?" } ?? "The fields are \(known)."
        )
    }

    /// A whole number; nil if it is left out. `4.0` is one too.
    package func integer(_ name: String) throws -> Int? {
        try value(name).map { try integer($0, name) }
    }

    /// A number; nil if it is left out.
    package func number(_ name: String) throws -> Double? {
        try value(name).map { try number($0, name) }
    }

    /// `true` or `false`; nil if it is left out.
    package func flag(_ name: String) throws -> Bool? {
        guard let value = value(name) else { return nil }
        guard let flag = value.bool else {
            throw problem(
                value,
                name,
                "is \(value.kind), neither true nor false",
                remedy: "Write true or false, without quotes."
            )
        }
        return flag
    }

    /// A text; nil if it is left out.
    package func text(_ name: String) throws -> String? {
        guard let value = value(name) else { return nil }
        guard let text = value.string else {
            throw problem(value, name, "is \(value.kind), not a text", remedy: "Add quotes.")
        }
        return text
    }

    /// A list with at least one item; nil if it is left out.
    package func list(_ name: String) throws -> [LocatedJSON]? {
        guard let value = value(name) else { return nil }
        guard let items = value.items, !items.isEmpty else {
            throw problem(
                value,
                name,
                "is \(value.items == nil ? value.kind : "empty"), not a list of values",
                remedy: "Write [ and ], with values between them."
            )
        }
        return items
    }

    /// A whole number inside a field.
    package func integer(_ value: LocatedJSON, _ name: String) throws -> Int {
        if let integer = value.integer { return integer }
        let found = value.number.map(decimal) ?? value.kind
        throw problem(
            value,
            name,
            "is \(found), not a whole number",
            remedy: "Write a whole number, without quotes."
        )
    }

    /// A number inside a field.
    package func number(_ value: LocatedJSON, _ name: String) throws -> Double {
        if let number = value.number { return number }
        throw problem(
            value,
            name,
            "is \(value.kind), not a number",
            remedy: "Write a number, without quotes."
        )
    }
}

/// A number without ".0" at its end.
package func decimal(_ number: Double) -> String {
    let text = "\(number)"
    return text.removing(suffix: ".0").map(String.init) ?? text
}

/// The name that was probably meant.
///
/// - Returns: the first of the names with the smallest edit distance; nil when that is more than
///   two, or more than half of the letters.
func nearest(to name: String, among names: [String]) -> String? {
    // Longer names resemble none of ours.
    let letters = Array(name.lowercased().unicodeScalars.prefix(40))
    let limit = min(2, letters.count / 2)
    let distances = names.map {
        (name: $0, distance: editDistance(letters, Array($0.unicodeScalars)))
    }
    guard let best = distances.min(by: { $0.distance < $1.distance }), best.distance <= limit else {
        return nil
    }
    return best.name
}

/// How many letters must be inserted, deleted or replaced (Levenshtein 1966).
private func editDistance(_ old: [Unicode.Scalar], _ new: [Unicode.Scalar]) -> Int {
    var row = Array(0...new.count)
    for (count, letter) in old.enumerated() {
        var corner = row[0]
        row[0] = count + 1
        for column in new.indices {
            let replaced = corner + (letter == new[column] ? 0 : 1)
            corner = row[column + 1]
            row[column + 1] = min(replaced, row[column] + 1, corner + 1)
        }
    }
    return row[new.count]
}
