import Weights

/// A place in the checkpoint's tree of names. `scope.encoder.layer[0].norm1` leads to the tensors
/// whose keys begin with `encoder.layer.0.norm1.`, so a model needs no table of names.
@dynamicMemberLookup
package struct Scope {
    package let builder: GraphBuilder
    /// The names on the way, joined by dots; empty at the root.
    package let path: String

    /// The place of this name inside this one.
    package subscript(dynamicMember name: String) -> Scope { self[name] }

    /// The place of this name inside this one.
    package subscript(name: String) -> Scope {
        Scope(builder: builder, path: path.isEmpty ? name : path + "." + name)
    }

    /// The place of this number inside this one.
    package subscript(index: Int) -> Scope { self["\(index)"] }

    /// The key of a tensor here.
    package func tensorKey(_ name: String) -> String { self[name].path }
}

extension Scope {
    /// A tensor of the checkpoint, in the model's precision.
    ///
    /// - Parameters:
    ///   - name: the last part of its key.
    ///   - shape: the axes that it must have.
    /// - Returns: the value; a missing or misshapen tensor is recorded as a diagnostic.
    package func weight(_ name: String, _ shape: [Int]) -> Value {
        let key = tensorKey(name)
        switch stored(key, shape) {
        case .failure(let error): return builder.diagnose(error.message, origin: path)
        case .success(let tensor):
            let initializer = Initializer(
                name: key,
                type: builder.precision.type,
                shape: shape,
                source: .stored(tensor)
            )
            return builder.add(initializer, origin: path)
        }
    }

    /// Some rows of a tensor of the checkpoint, which stay where they lie.
    ///
    /// - Parameters:
    ///   - name: the last part of its key.
    ///   - shape: the axes that it must have.
    ///   - rows: the rows, from 0.
    /// - Returns: the rows; a missing or misshapen tensor is recorded as a diagnostic.
    package func weight(_ name: String, _ shape: [Int], rows: Range<Int>) -> Value {
        let key = tensorKey(name)
        switch stored(key, shape) {
        case .failure(let error): return builder.diagnose(error.message, origin: path)
        case .success(let tensor):
            let part = tensor.rows(rows)
            let initializer = Initializer(
                name: "\(key)[\(rows.lowerBound)..<\(rows.upperBound)]",
                type: builder.precision.type,
                shape: part.shape,
                source: .stored(part)
            )
            return builder.add(initializer, origin: path)
        }
    }

    /// Counts a tensor as used that checkpoints may hold and the model does not need.
    package func leaveOut(_ name: String) { _ = builder.parameters.take(tensorKey(name)) }

    /// Whether the checkpoint has a tensor.
    package func has(_ name: String) -> Bool {
        builder.parameters.source.tensor(tensorKey(name)) != nil
    }

    /// A tensor that is worked out from some of the checkpoint's when the model is loaded.
    ///
    /// - Parameters:
    ///   - name: what to call it.
    ///   - keys: names and axes of the tensors that it is made of.
    ///   - shape: its axes.
    ///   - compute: takes the tensors, row by row as floats, and gives its elements.
    /// - Returns: the value; missing or misshapen tensors are recorded as diagnostics.
    package func computed<Element: InitializerElement>(
        _ name: String,
        from keys: [(name: String, shape: [Int])],
        shape: [Int],
        _ compute: @escaping @Sendable ([[Float]]) -> [Element]
    ) -> Value {
        var tensors: [StoredTensor] = []
        for (name, shape) in keys {
            switch stored(tensorKey(name), shape) {
            case .failure(let error): return builder.diagnose(error.message, origin: path)
            case .success(let tensor): tensors.append(tensor)
            }
        }
        let isFloat = Element.type == .float32
        let type = isFloat ? builder.precision.type : Element.type
        let sources = tensors
        let initializer = Initializer(
            name: tensorKey(name),
            type: type,
            shape: shape,
            source: .computed {
                let elements = compute(sources.map { $0.floats() })
                return elements.bytes(as: type)
            }
        )
        return builder.add(initializer, origin: path)
    }

    private func stored(_ key: String, _ shape: [Int]) -> Result<StoredTensor, WeightError> {
        guard let tensor = builder.parameters.take(key) else {
            return .failure(WeightError("the tensor \(key) is missing"))
        }
        guard tensor.shape == shape else {
            return .failure(
                WeightError("the tensor \(key) has the shape \(tensor.shape) and not \(shape)")
            )
        }
        guard tensor.type.isFloatingPoint else {
            return .failure(
                WeightError("the tensor \(key) holds \(tensor.type), not floating point")
            )
        }
        return .success(tensor)
    }

    private struct WeightError: Error {
        let message: String
        init(_ message: String) { self.message = message }
    }
}

extension GraphBuilder {
    /// A constant of a few numbers, in the model's precision.
    package func constant(_ values: [Float], shape: [Int]) -> Value {
        literal(values.bytes(as: precision.type), precision.type, shape)
    }

    /// A constant of a few numbers, in single precision whatever the model computes in.
    package func single(_ values: [Float], shape: [Int] = []) -> Value {
        literal(values.bytes(as: .float32), .float32, shape)
    }

    /// Whole numbers, for operators that take shapes, axes or indices as inputs.
    package func constant(_ values: [Int], shape: [Int]? = nil) -> Value {
        let bytes = values.flatMap { value in
            withUnsafeBytes(of: Int64(value).littleEndian) { [UInt8]($0) }
        }
        return literal(bytes, .int64, shape ?? [values.count])
    }

    private func literal(_ bytes: [UInt8], _ type: ElementType, _ shape: [Int]) -> Value {
        let content = Constant(bytes: bytes, type: type, shape: shape)
        if let known = constants[content] { return known }
        let initializer = Initializer(
            name: "constant/\(constants.count)",
            type: type,
            shape: shape,
            source: .literal(bytes)
        )
        let value = add(initializer, origin: "")
        constants[content] = value
        return value
    }

    /// What a constant holds: equal ones are written down once.
    struct Constant: Hashable {
        let bytes: [UInt8]
        let type: ElementType
        let shape: [Int]
    }
}
