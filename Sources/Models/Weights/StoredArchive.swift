/// Where the members of a zip archive are that has them uncompressed, as PyTorch writes them.
/// (https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT.)
///
/// What the central directory says is compared with the file; the members' checksums are not.
struct StoredArchive {
    /// Where the bytes of each member are, by its name.
    private(set) var members: [String: Range<Int>] = [:]

    /// The most members.
    static let memberLimit = 2 * WeightsHeader.tensorLimit
    private static let endMark: UInt32 = 0x0605_4B50
    private static let wideEndMark: UInt32 = 0x0606_4B50
    private static let wideEndPointerMark: UInt32 = 0x0706_4B50
    private static let entryMark: UInt32 = 0x0201_4B50
    private static let memberMark: UInt32 = 0x0403_4B50
    /// Lengths of the parts without their names.
    private static let (endLength, entryLength, memberLength) = (22, 46, 30)

    /// Reads an archive.
    ///
    /// - Parameter file: the whole file.
    /// - Throws: `TorchError`.
    init(_ file: UnsafeRawBufferPointer) throws(TorchError) {
        let bytes = LittleEndianBytes(file)
        let directory = try Self.directory(bytes)
        var place = directory.range.lowerBound
        for _ in 0..<directory.count {
            place = try add(bytes, entryAt: place, before: directory.range.upperBound)
        }
        guard place == directory.range.upperBound, members.count == directory.count else {
            throw TorchError("its directory is invalid")
        }
        let ranges = members.values.sorted { $0.lowerBound < $1.lowerBound }
        for (left, right) in zip(ranges, ranges.dropFirst())
        where left.upperBound > right.lowerBound {
            throw TorchError("two of its members overlap")
        }
    }

    /// Where the central directory is, and how many members it has. The end of the file is that of
    /// an archive without a comment.
    private static func directory(
        _ bytes: LittleEndianBytes
    ) throws(TorchError) -> (range: Range<Int>, count: Int) {
        let end = bytes.count - endLength
        guard end >= 0, try bytes.word(end) == endMark, try bytes.half(end + 20) == 0 else {
            throw TorchError("it is no zip archive, or has a comment")
        }
        var count = Int(try bytes.half(end + 10))
        var length = Int(try bytes.word(end + 12))
        var start = Int(try bytes.word(end + 16))
        let pointer = end - 20
        if pointer >= 0, try bytes.word(pointer) == wideEndPointerMark {
            let wide = try bytes.long(pointer + 8)
            guard try bytes.word(wide) == wideEndMark else {
                throw TorchError("its directory is invalid")
            }
            count = try bytes.long(wide + 32)
            length = try bytes.long(wide + 40)
            start = try bytes.long(wide + 48)
        }
        guard count <= memberLimit, start <= end, length <= end - start else {
            throw TorchError("its directory is invalid")
        }
        return (start..<start + length, count)
    }

    /// Adds a member.
    ///
    /// - Returns: where the next entry is.
    private mutating func add(
        _ bytes: LittleEndianBytes,
        entryAt place: Int,
        before end: Int
    ) throws(TorchError) -> Int {
        guard end - place >= Self.entryLength, try bytes.word(place) == Self.entryMark else {
            throw TorchError("its directory is invalid")
        }
        let (flags, method) = (try bytes.half(place + 8), try bytes.half(place + 10))
        let (packed, length) = (try bytes.word(place + 20), try bytes.word(place + 24))
        let nameLength = Int(try bytes.half(place + 28))
        let extraLength = Int(try bytes.half(place + 30)) + Int(try bytes.half(place + 32))
        let next = place + Self.entryLength + nameLength + extraLength
        guard next <= end, nameLength <= WeightsHeader.nameLimit,
            let name = bytes.text(place + Self.entryLength, nameLength)
        else { throw TorchError("its directory is invalid") }
        guard method == 0, flags & 1 == 0, packed == length, length < .max else {
            throw TorchError("it has members that are compressed, encrypted or very large")
        }
        let start = try Self.start(bytes, Int(try bytes.word(place + 42)), name)
        guard Int(length) <= bytes.count - start else { throw TorchError("it is cut off") }
        guard members.updateValue(start..<start + Int(length), forKey: name) == nil else {
            throw TorchError("two of its members have the same name")
        }
        return next
    }

    /// Where the bytes of a member begin, behind a header of their own.
    private static func start(
        _ bytes: LittleEndianBytes,
        _ header: Int,
        _ name: String
    ) throws(TorchError) -> Int {
        guard header <= bytes.count - memberLength, try bytes.word(header) == memberMark,
            try bytes.half(header + 8) == 0,
            bytes.text(header + memberLength, Int(try bytes.half(header + 26))) == name
        else { throw TorchError("a member is not what the directory says") }
        let extra = Int(try bytes.half(header + 28))
        return header + memberLength + name.utf8.count + extra
    }
}

/// Numbers and texts in a file, wherever they are.
struct LittleEndianBytes {
    private let bytes: UnsafeRawBufferPointer

    init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

    var count: Int { bytes.count }

    /// 16 bits.
    func half(_ place: Int) throws(TorchError) -> UInt16 {
        try check(place, 2)
        return UInt16(littleEndian: bytes.loadUnaligned(fromByteOffset: place, as: UInt16.self))
    }

    /// 32 bits.
    func word(_ place: Int) throws(TorchError) -> UInt32 {
        try check(place, 4)
        return UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: place, as: UInt32.self))
    }

    /// 64 bits, as a place or a size in the file.
    func long(_ place: Int) throws(TorchError) -> Int {
        try check(place, 8)
        let value = UInt64(
            littleEndian: bytes.loadUnaligned(fromByteOffset: place, as: UInt64.self)
        )
        guard value <= bytes.count else { throw TorchError("its directory is invalid") }
        return Int(value)
    }

    /// Text; nil where it is none.
    func text(_ place: Int, _ length: Int) -> String? {
        guard place >= 0, length <= bytes.count - place else { return nil }
        return String(validating: bytes[place..<place + length], as: UTF8.self)
    }

    private func check(_ place: Int, _ length: Int) throws(TorchError) {
        guard place >= 0, place <= bytes.count - length else { throw TorchError("it is cut off") }
    }
}

/// Why a file is not a checkpoint of PyTorch whose weights can be read.
struct TorchError: FormatError {
    private let why: String

    init(_ why: String) { self.why = why }

    var clause: String { "cannot be used as a checkpoint of PyTorch: " + why }
}
