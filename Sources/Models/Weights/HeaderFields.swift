import Diagnostics
import FoundationEssentials

/// The header of a file of weights as it is written, not yet checked for sense.
struct HeaderFields {
    struct Tensor: Decodable {
        let dtype: String
        let shape: [Int]
        // The key's name in the format.
        // swift-format-ignore: AlwaysUseLowerCamelCase
        let data_offsets: [Int]
    }

    /// The tensors by their names.
    let tensors: [String: Tensor]

    /// Remarks of whoever has written the file; they are not looked at.
    private static let remarks = "__metadata__"

    /// Reads it.
    ///
    /// - Throws: `HeaderError`.
    init(json: UnsafeRawBufferPointer) throws(HeaderError) {
        // The decoder would guess other encodings than the format's UTF-8 by zero bytes.
        guard json.first == UInt8(ascii: "{"), !json.contains(0) else {
            throw .format("its header is no JSON")
        }
        var members: [String: Member]
        do {
            members = try JSONDecoder().decode([String: Member].self, from: Data(json))
        } catch let DecodingError.dataCorrupted(context) where context.codingPath.isEmpty {
            throw .format("its header is no JSON")
        } catch {
            throw .format("its header makes no sense: \(Self.place(of: error))")
        }
        let pairs = members.values.reduce(members.count) { $0 + $1.pairs }
        guard JSONPairs.count(in: json) == pairs else {
            throw .format("its header has a key twice")
        }
        members[Self.remarks] = nil
        var tensors: [String: Tensor] = [:]
        for (key, member) in members {
            guard case .tensor(let tensor, _) = member else {
                throw .format("its header makes no sense: \(quoted(key))")
            }
            tensors[key] = tensor
        }
        self.tensors = tensors
    }

    /// Which member an error is about.
    private static func place(of error: any Error) -> String {
        let path: [any CodingKey] =
            switch error as? DecodingError {
            case .typeMismatch(_, let context), .valueNotFound(_, let context),
                .dataCorrupted(let context):
                context.codingPath
            case .keyNotFound(let key, let context): context.codingPath + [key]
            default: []
            }
        return quoted(path.map(\.stringValue).joined(separator: "."))
    }

    /// A member of the header, and how many pairs of name and value it has.
    private enum Member: Decodable {
        case tensor(Tensor, pairs: Int)
        case remarks(pairs: Int)

        var pairs: Int {
            switch self {
            case .tensor(_, let pairs), .remarks(let pairs): pairs
            }
        }

        init(from decoder: any Decoder) throws {
            if decoder.codingPath.first?.stringValue == HeaderFields.remarks {
                let remarks = try decoder.singleValueContainer().decode([String: String].self)
                self = .remarks(pairs: remarks.count)
            } else {
                let names = try decoder.container(keyedBy: AnyKey.self).allKeys
                self = .tensor(try Tensor(from: decoder), pairs: names.count)
            }
        }
    }

    private struct AnyKey: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }

        init?(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }
}
