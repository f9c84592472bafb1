import Diagnostics
import SystemPackage

/// Why a file is not in its format.
protocol FormatError: Error {
    /// The error as the rest of a sentence about the file.
    var clause: String { get }
}

/// The tensors of a file in a format other than safetensors. Their numbers are copied, because in the
/// file they need not be aligned.
struct TensorFile {
    /// A tensor's place in a file.
    struct Entry {
        let key: String
        let type: TensorType
        let shape: [Int]
        /// The tensor's bytes in the file, as many as it needs.
        let range: Range<Int>
    }

    /// Reads a file's header: where its tensors are.
    typealias Header = (UnsafeRawBufferPointer) throws -> [Entry]

    let tensors: [String: StoredTensor]

    /// Reads a file.
    ///
    /// - Parameters:
    ///   - file: the file.
    ///   - header: throws a `FormatError` where it is invalid; keys differ.
    /// - Throws: `EightCutError` that names the file: `inputMissing` when it cannot be read,
    ///   `inputUnusable` when it is invalid.
    init(_ file: FilePath, _ header: Header) throws {
        do {
            try self.init(reading: file, header)
        } catch let error as Errno {
            throw unusableWeights(
                file,
                error == .noSuchFileOrDirectory ? "it is missing" : "\(error)",
                code: .inputMissing
            )
        } catch let error as any FormatError {
            throw unusableWeights(file, "it " + error.clause)
        }
    }

    /// What is wrong with a file, as the rest of a sentence about it; nil if it is valid.
    static func problem(_ file: FilePath, _ header: Header) -> String? {
        do {
            _ = try TensorFile(reading: file, header)
            return nil
        } catch let error as any FormatError {
            return error.clause
        } catch Errno.noSuchFileOrDirectory {
            return "is missing"
        } catch {
            return "cannot be read (\(error))"
        }
    }

    private init(reading file: FilePath, _ header: Header) throws {
        let memory = try MappedFile(file)
        var tensors: [String: StoredTensor] = [:]
        for entry in try header(memory.bytes) {
            let bytes = AlignedBytes(UnsafeRawBufferPointer(rebasing: memory.bytes[entry.range]))
            tensors[entry.key] = StoredTensor(
                key: entry.key,
                type: entry.type,
                shape: entry.shape,
                bytes: UnsafeRawBufferPointer(bytes.memory),
                owner: bytes
            )
        }
        self.tensors = tensors
    }

    /// `@unchecked Sendable` because it is written to only while it is made.
    private final class AlignedBytes: @unchecked Sendable {
        let memory: UnsafeMutableRawBufferPointer

        init(_ source: UnsafeRawBufferPointer) {
            memory = .allocate(byteCount: source.count, alignment: 64)
            memory.copyMemory(from: source)
        }

        deinit { memory.deallocate() }
    }
}
