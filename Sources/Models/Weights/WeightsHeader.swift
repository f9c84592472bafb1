import Diagnostics
import Files

/// The header of a safetensors file, checked against itself and the file's size as the format's own
/// implementation does (https://github.com/huggingface/safetensors: eight bytes with the header's
/// length, little endian; the header in JSON; the numbers without gaps).
package struct WeightsHeader: Sendable {
    struct Entry: Sendable {
        let key: String
        let type: TensorType
        let shape: [Int]
        /// The tensor's bytes in the file.
        let range: Range<Int>
    }

    /// All tensors, in the order of their bytes.
    let entries: [Entry]

    /// The most bytes of a header, a tenth of a second's work. (The format allows 100 MB; those of
    /// the checkpoints that 8cut knows have at most 0.2 MB.)
    package static let lengthLimit = 2_000_000
    /// The most tensors of a checkpoint.
    package static let tensorLimit = 20_000
    /// The most bytes of a tensor's name.
    package static let nameLimit = 500
    /// The most dimensions of a tensor.
    private static let rankLimit = 16
    /// The member with free-form metadata, texts by name, which is not used.
    private static let metadata = "__metadata__"

    /// Reads and checks the header.
    ///
    /// - Parameter file: the whole file; only the header is read.
    /// - Throws: `HeaderError`.
    init(_ file: UnsafeRawBufferPointer) throws(HeaderError) {
        guard file.count >= 8 else { throw .format("it has only \(file.count) bytes") }
        let length = UInt64(littleEndian: file.loadUnaligned(as: UInt64.self))
        guard length <= Self.lengthLimit else {
            throw .format(
                "its header would have \(length) bytes; 8cut reads at most \(Self.lengthLimit)"
            )
        }
        let start = 8 + Int(length)
        guard start <= file.count else { throw .format("its header is cut off") }
        var entries: [Entry] = []
        for member in try Self.members(Array(file[8..<start])) {
            guard entries.count < Self.tensorLimit else {
                throw .format("it has more than \(Self.tensorLimit) tensors")
            }
            if member.name == Self.metadata {
                try Self.checkMetadata(member.value)
            } else {
                entries.append(try Self.entry(member, from: start))
            }
        }
        entries.sort {
            ($0.range.lowerBound, $0.range.upperBound, $0.key)
                < ($1.range.lowerBound, $1.range.upperBound, $1.key)
        }
        var end = start
        for entry in entries {
            guard entry.range.lowerBound == end else {
                throw .format("\(quoted(entry.key)) does not begin where the one before it ends")
            }
            end = entry.range.upperBound
        }
        guard end == file.count else { throw .size(expected: end, found: file.count) }
        self.entries = entries
    }

    private static func members(_ bytes: [UInt8]) throws(HeaderError) -> [LocatedJSON.Member] {
        let json: LocatedJSON
        do {
            json = try LocatedJSON(parsing: bytes)
        } catch {
            throw .format("its header is no JSON: \(error.why)")
        }
        // The format allows space behind the object, not before it.
        guard let members = json.members, json.range.lowerBound == 0 else {
            throw .format("its header is no JSON object")
        }
        return members
    }

    private static func checkMetadata(_ value: LocatedJSON) throws(HeaderError) {
        guard let members = value.members, members.allSatisfy({ $0.value.string != nil }) else {
            throw .format("its header has an invalid \(quoted(metadata))")
        }
    }

    private static func entry(
        _ member: LocatedJSON.Member,
        from start: Int
    ) throws(HeaderError) -> Entry {
        let (key, fields) = (member.name, member.value)
        guard key.utf8.count <= nameLimit else {
            throw .format("the name of a tensor has \(key.utf8.count) bytes")
        }
        guard let typeName = fields["dtype"]?.string,
            let shape = integers(fields["shape"]),
            let offsets = integers(fields["data_offsets"])
        else { throw .format("its header has invalid fields for \(quoted(key))") }
        guard let type = TensorType(rawValue: typeName) else {
            throw .format("\(quoted(key)) has the unknown type \(quoted(typeName))")
        }
        guard shape.count <= rankLimit, offsets.count <= rankLimit else {
            throw .format("\(quoted(key)) has \(max(shape.count, offsets.count)) dimensions")
        }
        guard let size = byteCount(type, shape) else {
            throw .format("\(quoted(key)) has the shape \(shape)")
        }
        guard offsets.count == 2,
            case let (first, last) = (offsets[0], offsets[1]),
            0 <= first, first <= last, last <= Int.max - start
        else { throw .format("\(quoted(key)) has the offsets \(offsets)") }
        guard last - first == size else {
            throw .format(
                "\(quoted(key)) has \(last - first) bytes, and its shape \(shape) of "
                    + "\(type.rawValue) takes \(size)"
            )
        }
        return Entry(key: key, type: type, shape: shape, range: start + first..<start + last)
    }

    /// The numbers of a list; nil unless all are whole.
    private static func integers(_ list: LocatedJSON?) -> [Int]? {
        guard let items = list?.items else { return nil }
        let integers = items.compactMap(\.integer)
        return integers.count == items.count ? integers : nil
    }

    /// The bytes of all numbers; nil when the shape is negative or too large.
    private static func byteCount(_ type: TensorType, _ shape: [Int]) -> Int? {
        var size = type.width
        for side in shape {
            let (product, overflows) = size.multipliedReportingOverflow(by: side)
            guard side >= 0, !overflows else { return nil }
            size = product
        }
        return size
    }
}

/// Why a file is not valid safetensors.
package enum HeaderError: Error, Sendable {
    /// It is not in the format, and why.
    case format(String)
    /// The header is valid, and the file has another size than it declares.
    case size(expected: Int, found: Int)

    /// The error as the rest of a sentence about the file.
    var clause: String {
        switch self {
        case .format(let why): "is not a safetensors file: " + Self.shortened(why)
        case .size(let expected, let found) where found < expected:
            "is not complete: it has \(found) bytes instead of \(expected)"
        case .size(let expected, let found):
            "has \(found) bytes, and its header speaks of \(expected)"
        }
    }

    /// A text of others in a message, of at most 1000 bytes.
    private static func shortened(_ text: String) -> String {
        guard text.utf8.count > 1000 else { return text }
        return String(decoding: text.utf8.prefix(1000), as: UTF8.self) + "…"
    }
}
