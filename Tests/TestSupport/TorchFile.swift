/// Checkpoints of PyTorch, byte by byte.
package enum TorchFile {
    /// A tensor with a storage of its own.
    package struct Tensor: Sendable {
        let name: String
        let shape: [Int]
        let strides: [Int]
        let values: [Float]
        let offset: Int

        /// - Parameters:
        ///   - name: its key.
        ///   - shape: its axes.
        ///   - values: all numbers of its storage.
        ///   - strides: steps along its axes; row by row if nil.
        ///   - offset: its first number.
        package init(
            _ name: String,
            _ shape: [Int],
            _ values: [Float],
            strides: [Int]? = nil,
            offset: Int = 0
        ) {
            self.name = name
            self.shape = shape
            self.values = values
            self.offset = offset
            self.strides =
                strides ?? shape.indices.map { shape[($0 + 1)...].reduce(1, *) }
        }
    }

    /// A member of an archive.
    package struct Member: Sendable {
        let name: String
        let bytes: [UInt8]
        let method: Int

        package init(_ name: String, _ bytes: [UInt8], method: Int = 0) {
            self.name = name
            self.bytes = bytes
            self.method = method
        }
    }

    /// A number of two bytes.
    package static func half(_ value: Int) -> [UInt8] {
        [UInt8(truncatingIfNeeded: value), UInt8(truncatingIfNeeded: value >> 8)]
    }

    /// A number of four bytes.
    package static func word(_ value: Int) -> [UInt8] { half(value) + half(value >> 16) }

    /// A text as a pickle has it.
    package static func text(_ value: String) -> [UInt8] {
        [UInt8(ascii: "X")] + word(value.utf8.count) + Array(value.utf8)
    }

    /// Something that a pickle imports.
    package static func global(_ module: String, _ name: String) -> [UInt8] {
        Array("c\(module)\n\(name)\n".utf8)
    }

    private static func tuple(_ items: [UInt8]) -> [UInt8] {
        Array("(".utf8) + items + Array("t".utf8)
    }

    private static func number(_ value: Int) -> [UInt8] { [UInt8(ascii: "J")] + word(value) }

    /// An empty dictionary whose order counts.
    package static let dictionary = global("collections", "OrderedDict") + Array(")R".utf8)

    /// What makes a tensor, whose storage is of this number and type.
    package static func tensor(
        _ tensor: Tensor,
        _ index: Int,
        type: String = "FloatStorage"
    ) -> [UInt8] {
        let storage =
            tuple(
                text("storage") + global("torch", type) + text("\(index)") + text("cpu")
                    + number(tensor.values.count)
            ) + Array("Q".utf8)
        let arguments =
            storage + number(tensor.offset) + tuple(tensor.shape.flatMap(number))
            + tuple(tensor.strides.flatMap(number)) + [0x89] + dictionary
        return global("torch._utils", "_rebuild_tensor_v2") + tuple(arguments) + Array("R".utf8)
    }

    /// A pickle with this between its beginning and its end.
    package static func pickle(of content: [UInt8]) -> [UInt8] {
        [0x80, 2] + content + Array(".".utf8)
    }

    /// The pickle of a dictionary of tensors, with attributes as a model's has them.
    package static func pickle(_ tensors: [Tensor]) -> [UInt8] {
        let items = tensors.enumerated().flatMap { text($1.name) + tensor($1, $0) }
        let attributes = Array("}".utf8) + text("_metadata") + dictionary + Array("sb".utf8)
        return pickle(
            of: dictionary + [UInt8(ascii: "q"), 0, UInt8(ascii: "(")] + items
                + [UInt8(ascii: "u")] + attributes
        )
    }

    /// The members of a checkpoint.
    package static func members(_ tensors: [Tensor], pickle: [UInt8]? = nil) -> [Member] {
        let storages = tensors.enumerated().map { index, tensor in
            Member("x/data/\(index)", tensor.values.withUnsafeBytes { Array($0) })
        }
        return [Member("x/data.pkl", pickle ?? self.pickle(tensors))] + storages
    }

    /// A checkpoint.
    package static func checkpoint(_ tensors: [Tensor], pickle: [UInt8]? = nil) -> [UInt8] {
        archive(members(tensors, pickle: pickle))
    }

    /// An archive whose members are not compressed. Their checksums are 0.
    package static func archive(_ members: [Member]) -> [UInt8] {
        var (file, directory): ([UInt8], [UInt8]) = ([], [])
        for member in members {
            let sizes = word(0) + word(member.bytes.count) + word(member.bytes.count)
            let common =
                half(0) + half(member.method) + word(0) + sizes + half(member.name.utf8.count)
            directory +=
                word(0x0201_4B50) + half(0) + half(0) + common + half(0) + half(0) + half(0)
                + half(0) + word(0) + word(file.count) + Array(member.name.utf8)
            file +=
                word(0x0403_4B50) + half(0) + common + half(0) + Array(member.name.utf8)
                + member.bytes
        }
        let counts = half(0) + half(0) + half(members.count) + half(members.count)
        let end = word(0x0605_4B50) + counts + word(directory.count) + word(file.count) + half(0)
        return file + directory + end
    }
}
