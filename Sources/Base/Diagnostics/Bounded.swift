/// A number from a file, a program or the network, kept within the range that the code can handle.
///
/// - Returns: the value, or the bound of the range that is nearest to it; the lower bound for what is
///   not a number.
package func bounded<Value: Comparable>(_ value: Value, _ range: ClosedRange<Value>) -> Value {
    // No comparison with NaN is true.
    guard value >= range.lowerBound else { return range.lowerBound }
    return min(value, range.upperBound)
}
