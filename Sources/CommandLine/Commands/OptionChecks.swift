import ArgumentParser

extension Comparable {
    /// The value of an option, when it is in its range.
    ///
    /// - Throws: `ValidationError` that names the option and the range.
    @discardableResult
    func checked(in range: ClosedRange<Self>, named option: String) throws -> Self {
        guard range.contains(self) else {
            throw ValidationError(
                "\(option) must be between \(range.lowerBound) and \(range.upperBound), not \(self)."
            )
        }
        return self
    }
}

extension String {
    /// The value of an option, when it is not empty.
    ///
    /// - Throws: `ValidationError` that names the option.
    @discardableResult
    func checkedNotEmpty(named option: String) throws -> String {
        guard !isEmpty else { throw ValidationError("\(option) is empty.") }
        return self
    }
}
