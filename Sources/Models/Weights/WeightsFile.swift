import Diagnostics
import Glibc
import SystemPackage

/// One safetensors file, mapped into memory.
package struct WeightsFile: Sendable {
    let path: FilePath
    let header: WeightsHeader
    let memory: MappedFile

    /// Opens a file and checks everything but the numbers.
    ///
    /// - Throws: `Errno` when it cannot be opened, `HeaderError` when it is invalid.
    package init(_ path: FilePath) throws {
        self.path = path
        memory = try MappedFile(path)
        header = try WeightsHeader(memory.bytes)
    }

    /// What is wrong with a file, as the rest of a sentence about it; nil if it is valid.
    package static func problem(_ path: FilePath) -> String? {
        do {
            _ = try WeightsFile(path)
            return nil
        } catch let error as HeaderError {
            return error.clause
        } catch Errno.noSuchFileOrDirectory {
            return "is missing"
        } catch {
            return "cannot be read (\(error))"
        }
    }

    /// Opens a file of a checkpoint.
    ///
    /// - Throws: `EightCutError`: `inputMissing` when it cannot be opened, `inputUnusable` when it
    ///   is invalid.
    static func open(_ path: FilePath) throws -> WeightsFile {
        do {
            return try WeightsFile(path)
        } catch let error as Errno {
            throw unusableWeights(
                path,
                error == .noSuchFileOrDirectory ? "it is missing" : "\(error)",
                code: .inputMissing
            )
        } catch let error as HeaderError {
            throw unusableWeights(path, "it " + error.clause)
        }
    }

    func tensor(_ entry: WeightsHeader.Entry) -> StoredTensor {
        StoredTensor(
            key: entry.key,
            type: entry.type,
            shape: entry.shape,
            bytes: UnsafeRawBufferPointer(rebasing: memory.bytes[entry.range]),
            owner: memory
        )
    }
}

/// A memory-mapped file. The system reads pages on access, and may drop them again.
///
/// Access to a part that was truncated after mapping ends the program (SIGBUS). Checkpoints are
/// replaced by renaming, never overwritten, so this is not handled.
final class MappedFile: @unchecked Sendable {
    // The memory is never written, and only deinit unmaps it: hence Sendable.
    let bytes: UnsafeRawBufferPointer

    /// Maps a whole file.
    ///
    /// - Throws: `Errno`; `isDirectory` or `invalidArgument` when it is no regular file.
    init(_ path: FilePath) throws {
        // Opening a pipe without this would block.
        let file = try FileDescriptor.open(path, .readOnly, options: .nonBlocking)
        bytes = try file.closeAfter {
            var info = stat()
            guard fstat(file.rawValue, &info) == 0 else { throw Errno(rawValue: errno) }
            let kind = info.st_mode & S_IFMT
            guard kind == S_IFREG else {
                throw kind == S_IFDIR ? Errno.isDirectory : Errno.invalidArgument
            }
            let size = Int(info.st_size)
            guard size > 0 else { return UnsafeRawBufferPointer(start: nil, count: 0) }
            let address = mmap(nil, size, PROT_READ, MAP_PRIVATE, file.rawValue, 0)
            guard let address, address != MAP_FAILED else { throw Errno(rawValue: errno) }
            return UnsafeRawBufferPointer(start: address, count: size)
        }
    }

    deinit {
        if let start = bytes.baseAddress {
            munmap(UnsafeMutableRawPointer(mutating: start), bytes.count)
        }
    }
}

/// The error of weights that cannot be used.
func unusableWeights(
    _ path: FilePath,
    _ why: String,
    code: ErrorCode = .inputUnusable
) -> EightCutError {
    EightCutError(
        code,
        "cannot use the weights",
        on: path.string,
        because: why,
        remedy: "Download the checkpoint again, or save it again with save_pretrained."
    )
}
