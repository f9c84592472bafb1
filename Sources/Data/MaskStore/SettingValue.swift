/// The value of one setting of a method, as the manifest holds it.
package enum SettingValue: Sendable, Equatable, Codable {
    /// true or false.
    case flag(Bool)
    /// A number.
    case number(Double)
    /// A word.
    case text(String)

    /// Reads a JSON boolean, number or string.
    package init(from decoder: any Decoder) throws {
        let value = try decoder.singleValueContainer()
        if let flag = try? value.decode(Bool.self) {
            self = .flag(flag)
        } else if let number = try? value.decode(Double.self) {
            self = .number(number)
        } else {
            self = .text(try value.decode(String.self))
        }
    }

    /// Writes a JSON boolean, number or string.
    package func encode(to encoder: any Encoder) throws {
        var value = encoder.singleValueContainer()
        switch self {
        case .flag(let flag): try value.encode(flag)
        case .number(let number): try value.encode(number)
        case .text(let text): try value.encode(text)
        }
    }
}

extension SettingValue: CustomStringConvertible {
    /// The value as people write it.
    package var description: String {
        switch self {
        case .flag(let flag): "\(flag)"
        case .number(let number):
            number == number.rounded() && abs(number) < 1e15 ? "\(Int(number))" : "\(number)"
        case .text(let text): text
        }
    }
}
