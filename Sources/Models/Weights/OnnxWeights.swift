import Diagnostics
import SystemPackage

/// The weights in an ONNX model: the initializers of its graph, by their names. Nothing else of the
/// model is looked at, above all not its operators.
///
/// The numbers are copied, because in the file they need not be aligned.
package final class OnnxWeights: WeightSource {
    /// The path of the file.
    package let name: String
    /// The names of all tensors, sorted.
    package let keys: [String]
    private let tensors: [String: StoredTensor]

    /// Opens a model.
    ///
    /// - Parameter file: the file.
    /// - Throws: `EightCutError` that names the file: `inputMissing` when it cannot be read,
    ///   `inputUnusable` when it is not in the format, or has weights in a way that is not read.
    package init(file: FilePath) throws {
        name = file.string
        tensors = try TensorFile(file) { try OnnxHeader($0).entries }.tensors
        keys = tensors.keys.sorted()
    }

    package func tensor(_ key: String) -> StoredTensor? { tensors[key] }

    /// What is wrong with a file, as the rest of a sentence about it; nil if it is valid.
    package static func problem(_ file: FilePath) -> String? {
        TensorFile.problem(file) { try OnnxHeader($0).entries }
    }
}

/// Where the initializers of an ONNX model are in its file.
/// (https://github.com/onnx/onnx/blob/main/onnx/onnx.proto: `ModelProto`, `GraphProto`, `TensorProto`.)
struct OnnxHeader {
    typealias Entry = TensorFile.Entry

    /// All tensors, in the order of the file.
    private(set) var entries: [Entry] = []

    /// The most dimensions of a tensor.
    private static let rankLimit = 16

    /// Reads a model.
    ///
    /// - Parameter file: the whole file.
    /// - Throws: `OnnxError`.
    init(_ file: UnsafeRawBufferPointer) throws(OnnxError) {
        var graphs = 0
        var model = ProtobufFields(file, 0..<file.count)
        while let field = try model.next() {
            guard field.number == 7 else { continue }
            graphs += 1
            var graph = ProtobufFields(file, try field.bytes())
            while let field = try graph.next() {
                // Sparse ones, whose numbers are elsewhere too.
                guard field.number != 15 else { throw OnnxError("it has sparse weights") }
                guard field.number == 5 else { continue }
                guard entries.count < WeightsHeader.tensorLimit else {
                    throw OnnxError("it has more than \(WeightsHeader.tensorLimit) tensors")
                }
                entries.append(try Self.entry(file, try field.bytes()))
            }
        }
        guard graphs == 1 else { throw OnnxError("it has \(graphs) graphs") }
        guard Set(entries.map(\.key)).count == entries.count else {
            throw OnnxError("two of its tensors have the same name")
        }
    }

    private static func entry(
        _ file: UnsafeRawBufferPointer,
        _ range: Range<Int>
    ) throws(OnnxError) -> Entry {
        var (key, typeNumber, data): (String?, UInt64, Range<Int>?) = (nil, 0, nil)
        var shape: [Int] = []
        var fields = ProtobufFields(file, range)
        while let field = try fields.next() {
            switch field.number {
            case 1: try add(field, to: &shape, file)
            case 2: typeNumber = try field.integer()
            case 8:
                let bytes = try field.bytes()
                guard bytes.count <= WeightsHeader.nameLimit,
                    let text = String(validating: file[bytes], as: UTF8.self)
                else { throw OnnxError("a tensor has an invalid name") }
                key = text
            case 9: data = try field.bytes()
            // Parts of tensors, numbers in other forms, and numbers in other files.
            case 3, 4, 5, 6, 7, 10, 11, 13:
                throw OnnxError("it has weights in another form than as raw data")
            case 14 where try field.integer() != 0:
                throw OnnxError("it has weights in other files")
            default: break
            }
        }
        guard let key else { throw OnnxError("one of its tensors has no name") }
        guard let type = TensorType(onnx: typeNumber) else {
            throw OnnxError("\(quoted(key)) has the unknown type \(typeNumber)")
        }
        var size = type.width
        for side in shape {
            let (product, overflows) = size.multipliedReportingOverflow(by: side)
            guard side >= 0, !overflows else {
                throw OnnxError("\(quoted(key)) has the shape \(shape)")
            }
            size = product
        }
        let bytes = data ?? range.upperBound..<range.upperBound
        guard bytes.count == size else {
            throw OnnxError(
                "\(quoted(key)) has \(bytes.count) bytes, and its shape \(shape) of "
                    + "\(type.rawValue) takes \(size)"
            )
        }
        return Entry(key: key, type: type, shape: shape, range: bytes)
    }

    /// Adds one side of a tensor, or several in one field.
    private static func add(
        _ field: ProtobufFields.Field,
        to shape: inout [Int],
        _ file: UnsafeRawBufferPointer
    ) throws(OnnxError) {
        switch field.content {
        case .integer(let side): shape.append(Int(truncatingIfNeeded: side))
        case .bytes(let range):
            var sides = ProtobufFields(file, range)
            while !sides.isAtEnd, shape.count <= rankLimit {
                shape.append(Int(truncatingIfNeeded: try sides.integer()))
            }
        case .other: throw OnnxError("a tensor has an invalid shape")
        }
        guard shape.count <= rankLimit else { throw OnnxError("a tensor has too many dimensions") }
    }
}

/// The fields of a message, one after the other. (https://protobuf.dev/programming-guides/encoding.)
struct ProtobufFields {
    struct Field {
        enum Content {
            case integer(UInt64)
            /// Where its bytes are in the file.
            case bytes(Range<Int>)
            /// A number of four or eight bytes.
            case other
        }

        let number: UInt64
        let content: Content

        func integer() throws(OnnxError) -> UInt64 {
            guard case .integer(let value) = content else { throw .invalid }
            return value
        }

        func bytes() throws(OnnxError) -> Range<Int> {
            guard case .bytes(let range) = content else { throw .invalid }
            return range
        }
    }

    private let file: UnsafeRawBufferPointer
    private var place: Int
    private let end: Int

    init(_ file: UnsafeRawBufferPointer, _ range: Range<Int>) {
        self.file = file
        (place, end) = (range.lowerBound, range.upperBound)
    }

    var isAtEnd: Bool { place == end }

    /// The next field; nil at the end.
    mutating func next() throws(OnnxError) -> Field? {
        guard !isAtEnd else { return nil }
        let tag = try integer()
        let content: Field.Content
        switch tag & 7 {
        case 0: content = .integer(try integer())
        case 1: content = try skip(8)
        case 2:
            let count = try integer()
            guard count <= UInt64(end - place) else { throw OnnxError("it is cut off") }
            content = .bytes(place..<place + Int(count))
            place += Int(count)
        case 5: content = try skip(4)
        default: throw .invalid
        }
        return Field(number: tag >> 3, content: content)
    }

    private mutating func skip(_ count: Int) throws(OnnxError) -> Field.Content {
        guard count <= end - place else { throw OnnxError("it is cut off") }
        place += count
        return .other
    }

    /// A number of up to ten bytes with seven bits each, the lowest first.
    mutating func integer() throws(OnnxError) -> UInt64 {
        var value: UInt64 = 0
        for shift in stride(from: 0, to: 70, by: 7) {
            guard place < end else { throw OnnxError("it is cut off") }
            let byte = UInt64(file[place])
            place += 1
            value |= (byte & 0x7f) << UInt64(shift)
            if byte < 0x80 { return value }
        }
        throw .invalid
    }
}

/// Why a file is not an ONNX model whose weights can be read.
struct OnnxError: FormatError {
    private let why: String

    init(_ why: String) { self.why = why }

    /// Bytes that mean nothing.
    static let invalid = OnnxError("its content is invalid")

    var clause: String { "cannot be used as an ONNX model: " + why }
}

extension TensorType {
    /// By its number in ONNX (`TensorProto.DataType`).
    fileprivate init?(onnx number: UInt64) {
        switch number {
        case 1: self = .float32
        case 2: self = .uint8
        case 3: self = .int8
        case 4: self = .uint16
        case 5: self = .int16
        case 6: self = .int32
        case 7: self = .int64
        case 9: self = .bool
        case 10: self = .float16
        case 11: self = .float64
        case 12: self = .uint32
        case 13: self = .uint64
        case 14: self = .complex64
        case 16: self = .bfloat16
        default: return nil
        }
    }
}
