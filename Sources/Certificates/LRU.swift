/// The least recently used entry goes when the bound is reached. Not thread-safe by itself.
package struct LRU<Key: Hashable, Value> {
    private struct Node {
        let key: Key
        var value: Value
        var newer: Int
        var older: Int
    }

    private let capacity: Int
    private var places: [Key: Int] = [:]
    private var nodes: [Node] = []
    private var newest = -1
    private var oldest = -1

    package init(capacity: Int) { self.capacity = max(1, capacity) }

    package var count: Int { nodes.count }

    package mutating func value(for key: Key) -> Value? {
        guard let place = places[key] else { return nil }
        touch(place)
        return nodes[place].value
    }

    package mutating func insert(_ value: Value, for key: Key) {
        if let place = places[key] {
            nodes[place].value = value
            touch(place)
        } else if nodes.count < capacity {
            nodes.append(Node(key: key, value: value, newer: -1, older: -1))
            places[key] = nodes.count - 1
            link(nodes.count - 1)
        } else {
            let place = oldest
            places[nodes[place].key] = nil
            unlink(place)
            nodes[place] = Node(key: key, value: value, newer: -1, older: -1)
            places[key] = place
            link(place)
        }
    }

    package mutating func removeAll() {
        places.removeAll()
        nodes.removeAll()
        (newest, oldest) = (-1, -1)
    }

    private mutating func touch(_ place: Int) {
        guard place != newest else { return }
        unlink(place)
        link(place)
    }

    private mutating func link(_ place: Int) {
        nodes[place].older = newest
        nodes[place].newer = -1
        if newest >= 0 { nodes[newest].newer = place }
        newest = place
        if oldest < 0 { oldest = place }
    }

    private mutating func unlink(_ place: Int) {
        let (newer, older) = (nodes[place].newer, nodes[place].older)
        if newer >= 0 { nodes[newer].older = older } else { newest = older }
        if older >= 0 { nodes[older].newer = newer } else { oldest = newer }
    }
}
