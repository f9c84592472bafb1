import Diagnostics

/// `--text` without a value, which means the clip's own label. The parser has no options that may be
/// repeated and may lack a value, so that a hidden flag takes its place before it parses.
package enum TextArguments {
    static let option = "--text"
    static let flagName = "own-label"

    /// Puts the flag where the option has no value: at the end, or before another option.
    ///
    /// - Parameter arguments: words of a command line.
    /// - Returns: the words for the parser.
    static func expanded(_ arguments: [String]) -> [String] {
        let end = arguments.firstIndex { $0.isExactly("--") } ?? arguments.count
        return arguments.enumerated().map { index, argument in
            guard argument.isExactly(option), index < end else { return argument }
            let next = arguments.dropFirst(index + 1).first
            let hasValue = next.map { !$0.hasPrefix(exactly: "-") } ?? false
            return hasValue ? argument : "--" + flagName
        }
    }

    /// The same for a whole command line, where its command has the option.
    ///
    /// - Parameter arguments: the words behind the program's name.
    /// - Returns: the words for the parser.
    package static func expandedForRoot(_ arguments: [String]) -> [String] {
        let takesTexts =
            arguments.starts(with: ["detect"]) || arguments.starts(with: ["masks", "sam"])
        return takesTexts ? expanded(arguments) : arguments
    }
}
