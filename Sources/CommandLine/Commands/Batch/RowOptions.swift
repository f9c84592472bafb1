import ArgumentParser
import BatchList
import Files

/// The settings of a row as `8cut masks METHOD` parses them.
enum RowOptions {
    /// Why settings are none of a method, as the command says it.
    struct Fault: Error {
        let message: String
    }

    /// Parses settings as if they were typed.
    ///
    /// - Parameters:
    ///   - options: by their long names without the dashes.
    ///   - method: has the options.
    ///   - more: arguments beside them.
    /// - Returns: the command.
    /// - Throws: `Fault`.
    static func parse(
        _ options: [String: JSONScalar],
        of method: BatchMethod,
        beside more: [String] = []
    ) throws(Fault) -> any MasksMethodCommand {
        switch method {
        case .saliency: try parse(MasksSaliencyCommand.self, options, more)
        case .depth: try parse(MasksDepthCommand.self, options, more)
        case .sam: try parse(MasksSamCommand.self, options, more)
        }
    }

    private static func parse<Command: MasksMethodCommand>(
        _ type: Command.Type,
        _ options: [String: JSONScalar],
        _ more: [String]
    ) throws(Fault) -> Command {
        // A flag that is false is left out, but must be there.
        _ = try parse(type, more + arguments(options, leavingOutFalse: false))
        return try parse(type, more + arguments(options, leavingOutFalse: true))
    }

    private static func parse<Command: MasksMethodCommand>(
        _ type: Command.Type,
        _ arguments: [String]
    ) throws(Fault) -> Command {
        do {
            return try Command.parse(["--input=row", "--output=masks"] + arguments)
        } catch {
            throw Fault(message: Command.message(for: error))
        }
    }

    private static func arguments(
        _ options: [String: JSONScalar],
        leavingOutFalse: Bool
    ) -> [String] {
        let words = options.sorted { $0.key < $1.key }.compactMap { name, value in
            switch value {
            case .flag(let isOn): isOn || !leavingOutFalse ? "--\(name)" : nil
            case .number(let number): "--\(name)=\(decimal(number))"
            case .text(let text): "--\(name)=\(text)"
            }
        }
        return TextArguments.expanded(words)
    }
}
