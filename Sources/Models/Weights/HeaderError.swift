/// What is wrong with a file of weights.
package enum HeaderError: Error, Sendable {
    /// It is not in the format, and why.
    case format(String)
    /// The header makes sense, and the file has another size than it speaks of.
    case size(expected: Int, found: Int)

    /// What the file is, as the rest of a sentence about it.
    var clause: String {
        switch self {
        case .format(let why): "is not a safetensors file: \(why)"
        case .size(let expected, let found) where found < expected:
            "is not complete: it has \(found) bytes instead of \(expected)"
        case .size(let expected, let found):
            "has \(found) bytes, and its header speaks of \(expected)"
        }
    }
}
