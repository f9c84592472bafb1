import Synchronization

/// One decoded frame of a video.
package struct VideoFrame: Sendable {
    /// Number of the frame in presentation order, from 0.
    package let index: Int
    /// Presentation time in seconds, nil where the video has none for this frame.
    package let time: Double?
    /// Columns.
    package let width: Int
    /// Rows.
    package let height: Int
    /// The layout of the samples in `pixels`.
    package let format: PixelFormat
    /// The samples, `format.byteCount(width:height:)` bytes.
    package let pixels: PixelBuffer

    package init(
        index: Int,
        time: Double?,
        width: Int,
        height: Int,
        format: PixelFormat,
        pixels: PixelBuffer
    ) {
        self.index = index
        self.time = time
        self.width = width
        self.height = height
        self.format = format
        self.pixels = pixels
    }

    /// Lends the samples of one plane for reading; the pointer must not leave `body`.
    ///
    /// - Parameters:
    ///   - number: 0 is the only plane, or luma; 1 and 2 are the chroma planes Cb and Cr.
    ///   - body: takes the plane's layout and its samples.
    /// - Returns: what `body` returns.
    /// - Throws: what `body` throws.
    package func withPlane<Result, Failure: Error>(
        _ number: Int,
        _ body: (PlaneLayout, UnsafeBufferPointer<UInt8>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        let plane = format.planes(width: width, height: height)[number]
        return try pixels.withUnsafeBytes { (bytes) throws(Failure) -> Result in
            let samples = UnsafeRawBufferPointer(
                rebasing: bytes[plane.offset..<plane.offset + plane.byteCount]
            )
            return try body(plane, samples.assumingMemoryBound(to: UInt8.self))
        }
    }
}

/// The layout of the samples of a frame in memory. The raw values are FFmpeg's names.
package enum PixelFormat: String, Sendable, CaseIterable {
    /// 8-bit grey, one plane.
    case gray8 = "gray"
    /// 8-bit red, green, blue, interleaved, one plane.
    case rgb24
    /// 8-bit Y'CbCr, three planes, with 4:2:0 chroma subsampling (sizes are rounded up).
    case yuv420p

    /// The planes of a frame of this format, in their order in memory, without padding between
    /// rows or planes.
    package func planes(width: Int, height: Int) -> [PlaneLayout] {
        switch self {
        case .gray8:
            return [PlaneLayout(offset: 0, bytesPerRow: width, width: width, height: height)]
        case .rgb24:
            return [PlaneLayout(offset: 0, bytesPerRow: width * 3, width: width, height: height)]
        case .yuv420p:
            let luma = PlaneLayout(offset: 0, bytesPerRow: width, width: width, height: height)
            let chromaWidth = (width + 1) / 2
            let chromaHeight = (height + 1) / 2
            let blue = PlaneLayout(
                offset: luma.byteCount,
                bytesPerRow: chromaWidth,
                width: chromaWidth,
                height: chromaHeight
            )
            let red = PlaneLayout(
                offset: blue.offset + blue.byteCount,
                bytesPerRow: chromaWidth,
                width: chromaWidth,
                height: chromaHeight
            )
            return [luma, blue, red]
        }
    }

    /// Bytes of one frame.
    package func byteCount(width: Int, height: Int) -> Int {
        planes(width: width, height: height).reduce(0) { $0 + $1.byteCount }
    }
}

/// Where one plane of a frame is inside the memory of the frame.
package struct PlaneLayout: Sendable, Equatable {
    /// Bytes from the start of the frame to the plane's first sample.
    package let offset: Int
    /// Bytes from one row to the next.
    package let bytesPerRow: Int
    /// Samples in a row.
    package let width: Int
    /// Rows.
    package let height: Int

    /// Bytes of the plane.
    package var byteCount: Int { bytesPerRow * height }
}

/// Memory of one frame: filled once by whoever makes it, then only read.
///
/// `@unchecked Sendable` because the only writer is the closure given to `init`, which has
/// returned before anybody else can hold the buffer.
package final class PixelBuffer: @unchecked Sendable {
    private let storage: UnsafeMutableRawBufferPointer

    /// Allocates `byteCount` bytes and lets `fill` write them.
    ///
    /// - Parameters:
    ///   - byteCount: size of the buffer in bytes.
    ///   - fill: writes every byte; what it throws is thrown on and the memory is given back.
    package init(
        byteCount: Int,
        filledBy fill: (UnsafeMutableRawBufferPointer) throws -> Void
    ) rethrows {
        storage = PixelPool.shared.take(byteCount: byteCount)
        // When this throws, deinit gives the memory back.
        try fill(storage)
    }

    deinit {
        PixelPool.shared.giveBack(storage)
    }

    /// Bytes in the buffer.
    package var byteCount: Int { storage.count }

    /// Lends the bytes for reading; the pointer must not leave `body`.
    package func withUnsafeBytes<Result, Failure: Error>(
        _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try body(UnsafeRawBufferPointer(storage))
    }
}

/// Keeps the memory of finished frames for those to come.
///
/// A run works on frames of one size, a few at a time. Allocating megabytes for each of them would
/// cost a page fault for every 4 KiB, and fragments the heap, which grows with the length of the
/// video.
final class PixelPool: Sendable {
    static let shared = PixelPool()

    /// A block that nobody but its holder knows, so that it may cross threads.
    private struct Block: @unchecked Sendable {
        let bytes: UnsafeMutableRawBufferPointer
    }

    private let free = Mutex<[Block]>([])
    /// More than are ever free at a time while a run goes on.
    private static let limit = 16

    /// Memory for one frame, its content undefined.
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
