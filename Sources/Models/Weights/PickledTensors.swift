import Diagnostics

/// The tensors that a pickle describes: a dictionary of them, as `torch.save` writes a model's state.
/// (https://docs.python.org/3/library/pickletools.html; protocol 2.)
///
/// A pickle is a program for a machine with a stack. Of its instructions those are known here that
/// make such a dictionary, and of what it may call, two functions and the types of storages; nothing
/// is ever imported or run. Whatever else is in the pickle is an error.
struct PickledTensors {
    /// Numbers of one type, in a member of the archive.
    struct Storage {
        let key: String
        let type: TensorType
        let count: Int
    }

    /// A part of a storage.
    struct Tensor {
        var key = ""
        let storage: Storage
        /// Its first number.
        let offset: Int
        let shape: [Int]
        /// As many as `shape`.
        let strides: [Int]
    }

    /// All tensors, in the order of the pickle.
    let tensors: [Tensor]

    /// Reads a pickle.
    ///
    /// - Throws: `TorchError`.
    init(_ pickle: UnsafeRawBufferPointer) throws(TorchError) {
        var machine = Machine(pickle)
        let dictionary = try machine.run()
        var tensors: [Tensor] = []
        var keys: Set<String> = []
        for (key, tensor) in dictionary.items {
            guard var tensor else { throw TorchError("\(quoted(key)) is no tensor") }
            guard key.utf8.count <= WeightsHeader.nameLimit, keys.insert(key).inserted else {
                throw TorchError("a tensor has an invalid name")
            }
            tensor.key = key
            tensors.append(tensor)
        }
        self.tensors = tensors
    }

    /// What lies on the stack.
    private indirect enum Item {
        /// Something that is of no interest, such as None.
        case nothing
        case number(Int)
        case text(String)
        /// How deep tuples lie in it, to end what would take a long way to be freed.
        case tuple([Item], depth: Int)
        case dictionary(Items)
        case ordered
        case rebuild
        case storageType(TensorType)
        case storage(Storage)
        case tensor(Tensor)
    }

    /// A dictionary: tensors by their names, and the names of values that are none. Only these, so
    /// that none lies in another.
    private final class Items {
        var items: [(key: String, tensor: Tensor?)] = []
    }

    private struct Machine {
        private let pickle: UnsafeRawBufferPointer
        private var place = 0
        private var stack: [Item] = []
        /// Where on the stack tuples and items begin.
        private var marks: [Int] = []
        private var memory: [Int: Item] = [:]

        private static let mostSides = 16
        private static let mostDepth = 4
        private static let invalid = TorchError("its pickle is invalid")

        init(_ pickle: UnsafeRawBufferPointer) { self.pickle = pickle }

        /// Runs until the end.
        mutating func run() throws(TorchError) -> Items {
            guard try byte() == 0x80, try byte() == 2 else {
                throw TorchError("its pickle is not of protocol 2")
            }
            while true {
                let instruction = try byte()
                if instruction == UInt8(ascii: ".") { break }
                try step(instruction)
            }
            guard place == pickle.count, stack.count == 1, marks.isEmpty,
                case .dictionary(let items) = stack[0]
            else { throw TorchError("its pickle is no dictionary of tensors") }
            return items
        }

        private mutating func step(_ instruction: UInt8) throws(TorchError) {
            switch instruction {
            case UInt8(ascii: "("): marks.append(stack.count)
            case UInt8(ascii: ")"): stack.append(.tuple([], depth: 1))
            case UInt8(ascii: "t"): try pushTuple(try popToMark())
            case 0x85, 0x86, 0x87: try pushTuple(try pop(Int(instruction) - 0x84))
            case UInt8(ascii: "}"): stack.append(.dictionary(Items()))
            case UInt8(ascii: "N"), 0x88, 0x89: stack.append(.nothing)
            case UInt8(ascii: "K"): stack.append(.number(Int(try byte())))
            case UInt8(ascii: "M"): stack.append(.number(try unsigned(2)))
            case UInt8(ascii: "J"):
                stack.append(.number(Int(Int32(truncatingIfNeeded: try unsigned(4)))))
            case UInt8(ascii: "X"): stack.append(.text(try text(try unsigned(4))))
            case UInt8(ascii: "c"): stack.append(try global())
            case UInt8(ascii: "q"): try remember(Int(try byte()))
            case UInt8(ascii: "r"): try remember(try unsigned(4))
            case UInt8(ascii: "h"): try recall(Int(try byte()))
            case UInt8(ascii: "j"): try recall(try unsigned(4))
            case UInt8(ascii: "s"): try set(2)
            case UInt8(ascii: "u"): try set(nil)
            case UInt8(ascii: "Q"): try findStorage()
            case UInt8(ascii: "R"): try call()
            // Attributes of the dictionary, such as `_metadata`, are of no interest.
            case UInt8(ascii: "b"): _ = try pop(1)
            default: throw TorchError("its pickle has the instruction \(instruction)")
            }
        }

        // MARK: - Bytes

        private mutating func byte() throws(TorchError) -> UInt8 {
            guard place < pickle.count else { throw TorchError("its pickle is cut off") }
            defer { place += 1 }
            return pickle[place]
        }

        private mutating func unsigned(_ width: Int) throws(TorchError) -> Int {
            var value = 0
            for index in 0..<width { value |= Int(try byte()) << (8 * index) }
            return value
        }

        private mutating func text(_ length: Int) throws(TorchError) -> String {
            guard length <= pickle.count - place,
                let text = String(validating: pickle[place..<place + length], as: UTF8.self)
            else { throw Self.invalid }
            place += length
            return text
        }

        private mutating func line() throws(TorchError) -> String {
            guard let end = pickle[place...].firstIndex(of: UInt8(ascii: "\n")) else {
                throw TorchError("its pickle is cut off")
            }
            let line = try text(end - place)
            place += 1
            return line
        }

        // MARK: - Stack

        /// The uppermost items, of which none is below the last mark.
        private mutating func pop(_ count: Int) throws(TorchError) -> [Item] {
            guard stack.count - (marks.last ?? 0) >= count else { throw Self.invalid }
            defer { stack.removeLast(count) }
            return Array(stack.suffix(count))
        }

        private mutating func popToMark() throws(TorchError) -> [Item] {
            guard let mark = marks.popLast() else { throw Self.invalid }
            defer { stack.removeLast(stack.count - mark) }
            return Array(stack[mark...])
        }

        private mutating func pushTuple(_ items: [Item]) throws(TorchError) {
            var depth = 1
            for case .tuple(_, let inner) in items { depth = max(depth, inner + 1) }
            guard depth <= Self.mostDepth else { throw Self.invalid }
            stack.append(.tuple(items, depth: depth))
        }

        private mutating func remember(_ number: Int) throws(TorchError) {
            guard let item = stack.last else { throw Self.invalid }
            memory[number] = item
        }

        private mutating func recall(_ number: Int) throws(TorchError) {
            guard let item = memory[number] else { throw Self.invalid }
            stack.append(item)
        }

        // MARK: - Dictionaries

        /// Puts pairs of keys and values into the dictionary below them: so many items, or all above
        /// the last mark.
        private mutating func set(_ count: Int?) throws(TorchError) {
            let pairs = if let count { try pop(count) } else { try popToMark() }
            guard case .dictionary(let dictionary) = stack.last, pairs.count % 2 == 0 else {
                throw Self.invalid
            }
            for index in stride(from: 0, to: pairs.count, by: 2) {
                guard case .text(let key) = pairs[index],
                    dictionary.items.count < WeightsHeader.tensorLimit
                else { throw Self.invalid }
                if case .tensor(let tensor) = pairs[index + 1] {
                    dictionary.items.append((key, tensor))
                } else {
                    dictionary.items.append((key, nil))
                }
            }
        }

        // MARK: - Tensors

        /// A name of a module and one in it.
        private mutating func global() throws(TorchError) -> Item {
            let (module, name) = (try line(), try line())
            switch (module, name) {
            case ("collections", "OrderedDict"): return .ordered
            case ("torch._utils", "_rebuild_tensor_v2"): return .rebuild
            case ("torch", _):
                if let type = TensorType(storage: name) { return .storageType(type) }
                fallthrough
            default:
                let what = quoted("\(module).\(name)")
                throw TorchError("its pickle calls \(what), and 8cut reads only tensors")
            }
        }

        /// `("storage", type, key, device, count)`.
        private mutating func findStorage() throws(TorchError) {
            guard case .tuple(let parts, _) = try pop(1)[0], parts.count == 5,
                case .text("storage") = parts[0], case .storageType(let type) = parts[1],
                case .text(let key) = parts[2], case .text = parts[3],
                case .number(let count) = parts[4]
            else { throw Self.invalid }
            stack.append(.storage(Storage(key: key, type: type, count: count)))
        }

        /// `OrderedDict()`, or `_rebuild_tensor_v2(storage, offset, shape, strides, …)`.
        private mutating func call() throws(TorchError) {
            let items = try pop(2)
            guard case .tuple(let parts, _) = items[1] else { throw Self.invalid }
            switch items[0] {
            case .ordered where parts.isEmpty: stack.append(.dictionary(Items()))
            case .rebuild:
                guard parts.count == 6, case .storage(let storage) = parts[0],
                    case .number(let offset) = parts[1]
                else { throw Self.invalid }
                let (shape, strides) = (try Self.numbers(parts[2]), try Self.numbers(parts[3]))
                guard shape.count == strides.count else { throw Self.invalid }
                let tensor = Tensor(
                    storage: storage,
                    offset: offset,
                    shape: shape,
                    strides: strides
                )
                stack.append(.tensor(tensor))
            default: throw Self.invalid
            }
        }

        private static func numbers(_ item: Item) throws(TorchError) -> [Int] {
            guard case .tuple(let items, _) = item, items.count <= mostSides else { throw invalid }
            var numbers: [Int] = []
            for item in items {
                guard case .number(let number) = item else { throw invalid }
                numbers.append(number)
            }
            return numbers
        }
    }
}

extension TensorType {
    /// By the name of its storage in PyTorch.
    fileprivate init?(storage name: String) {
        switch name {
        case "BoolStorage": self = .bool
        case "ByteStorage": self = .uint8
        case "CharStorage": self = .int8
        case "ShortStorage": self = .int16
        case "IntStorage": self = .int32
        case "LongStorage": self = .int64
        case "HalfStorage": self = .float16
        case "BFloat16Storage": self = .bfloat16
        case "FloatStorage": self = .float32
        case "DoubleStorage": self = .float64
        default: return nil
        }
    }
}
