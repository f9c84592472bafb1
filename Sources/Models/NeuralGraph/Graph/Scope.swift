/// A place in the checkpoint's tree of names. `scope.encoder.layer[0].norm1` leads to the tensors
/// whose keys begin with `encoder.layer.0.norm1.`, so a model needs no table of names.
@dynamicMemberLookup
package struct Scope {
    /// Where its graph is built.
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
