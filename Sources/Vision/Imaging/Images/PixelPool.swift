import Synchronization

/// Keeps the memory of pictures that are done with for those to come.
///
/// A run works on pictures of one size, a few at a time. Getting and giving back megabytes for
/// each of them would cost a page fault for every 4 KiB, and leaves a heap with holes that grows
/// with the length of the video.
final class PixelPool: Sendable {
    static let shared = PixelPool()

    /// A block that nobody but its holder knows, so that it may cross threads.
    private struct Block: @unchecked Sendable {
        let bytes: UnsafeMutableRawBufferPointer
    }

    private let free = Mutex<[Block]>([])
    /// More than are ever free at a time while a run goes on.
    private static let limit = 16

    /// Memory for one picture, its content undefined.
    func take(byteCount: Int) -> UnsafeMutableRawBufferPointer {
        let block = free.withLock { free -> Block? in
            free.last?.bytes.count == byteCount ? free.popLast() : nil
        }
        return block?.bytes ?? .allocate(byteCount: byteCount, alignment: 64)
    }

    /// Takes memory back. Only blocks of the size that came last are kept.
    func giveBack(_ bytes: UnsafeMutableRawBufferPointer) {
        let block = Block(bytes: bytes)
        let dropped = free.withLock { free -> [Block] in
            var dropped: [Block] = []
            if let last = free.last, last.bytes.count != block.bytes.count {
                swap(&dropped, &free)
            }
            if free.count < Self.limit {
                free.append(block)
            } else {
                dropped.append(block)
            }
            return dropped
        }
        for block in dropped { block.bytes.deallocate() }
    }
}
