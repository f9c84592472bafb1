/// Finds names that an object gives twice, which the JSON decoder passes over in silence.
enum JSONPairs {
    /// How many pairs of name and value there are in a text that is known to be JSON, in all
    /// objects together: as many as there are colons outside of strings.
    static func count(in json: UnsafeRawBufferPointer) -> Int {
        var count = 0
        var isInString = false
        var isEscaped = false
        for byte in json {
            if isEscaped {
                isEscaped = false
            } else if byte == UInt8(ascii: "\\") {
                isEscaped = true
            } else if byte == UInt8(ascii: "\"") {
                isInString.toggle()
            } else if byte == UInt8(ascii: ":"), !isInString {
                count += 1
            }
        }
        return count
    }
}
