import Diagnostics
import FoundationEssentials

/// What a file of weights says that it holds, checked against itself and the file's size as the
/// format's own implementation does (https://github.com/huggingface/safetensors: eight bytes with
/// the header's length, little endian, the header in JSON, the numbers without any gap).
package struct WeightsHeader: Sendable {
    /// One tensor.
    struct Entry: Sendable {
        let key: String
        let type: TensorType
        let shape: [Int]
        /// Where in the file its numbers are.
        let range: Range<Int>
    }

    /// All tensors, in the order in which they lie.
    let entries: [Entry]

    /// No header is longer.
    private static let lengthLimit = 100_000_000

    /// Reads and checks the header.
    ///
    /// - Parameter file: all of the file; only the header is touched.
    /// - Throws: `HeaderError`.
    init(_ file: UnsafeRawBufferPointer) throws(HeaderError) {
        guard file.count >= 8 else { throw .format("it has only \(file.count) bytes") }
        let length = UInt64(littleEndian: file.loadUnaligned(as: UInt64.self))
        guard length <= Self.lengthLimit else {
            throw .format("its header would have \(length) bytes")
        }
        let start = 8 + Int(length)
        guard start <= file.count else { throw .format("its header is cut off") }
        let text = UnsafeRawBufferPointer(rebasing: file[8..<start])
        let fields = try HeaderFields(json: text)
        var entries: [Entry] = []
        for (key, field) in fields.tensors {
            entries.append(try Self.entry(key, field, from: start))
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

    private static func entry(
        _ key: String,
        _ field: HeaderFields.Tensor,
        from start: Int
    ) throws(HeaderError) -> Entry {
        guard let type = TensorType(rawValue: field.dtype) else {
            throw .format("\(quoted(key)) has the unknown type \(quoted(field.dtype))")
        }
        guard let size = byteCount(type, field.shape) else {
            throw .format("\(quoted(key)) has the shape \(field.shape)")
        }
        guard field.data_offsets.count == 2,
            case let (first, last) = (field.data_offsets[0], field.data_offsets[1]),
            0 <= first, first <= last, last <= Int.max - start
        else { throw .format("\(quoted(key)) has the offsets \(field.data_offsets)") }
        guard last - first == size else {
            throw .format(
                "\(quoted(key)) has \(last - first) bytes, and its shape \(field.shape) of "
                    + "\(type.rawValue) takes \(size)"
            )
        }
        return Entry(key: key, type: type, shape: field.shape, range: start + first..<start + last)
    }

    /// The bytes of all numbers; nil when there is no such number.
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
