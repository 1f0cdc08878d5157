//! The sticky assignor for members that subscribe to different topics: what is owned stays, what is
//! free goes to whoever has least, and then single partitions move as long as that makes it more
//! even.

use std::collections::{BTreeMap, BTreeSet};

use super::{Claims, Joining, Place, Topic, by_id};

/// A member, as its place in the order of ids.
type Who = usize;

struct Sharing<'a> {
    /// Which members may have a topic, in the order of their ids.
    takers: BTreeMap<u32, Vec<Who>>,
    shares: Vec<Vec<Place>>,
    owner: BTreeMap<Place, Who>,
    /// Members whose shares can still change.
    open: Vec<Who>,
    /// Who had a partition before its owner, by an earlier generation.
    before: &'a BTreeMap<Place, Who>,
    moves: Moves,
}

/// The shares, in the order of the members.
pub(super) fn share(
    topics: &[Topic<'_>],
    places: &[Place],
    members: &[Joining<'_>],
    claims: &Claims,
) -> Vec<Vec<Place>> {
    let order = by_id(members);
    let mut takers: BTreeMap<u32, Vec<Who>> = BTreeMap::new();
    for (who, n) in order.iter().enumerate() {
        for topic in members[*n]
            .topics
            .iter()
            .copied()
            .collect::<BTreeSet<u32>>()
        {
            takers.entry(topic).or_default().push(who);
        }
    }
    let count = |topic: u32| takers.get(&topic).map_or(0, Vec::len);
    let mut sorted = places.to_vec();
    sorted.sort_by_key(|place| {
        let name = topics[place.topic as usize].name;
        (count(place.topic), name, place.partition)
    });
    let before = earlier_owners(members, &order);
    let mut sharing = Sharing {
        shares: vec![Vec::new(); members.len()],
        owner: BTreeMap::new(),
        open: (0..members.len()).collect(),
        before: &before,
        moves: Moves::default(),
        takers,
    };
    let mut must_revoke = false;
    for (who, n) in order.iter().enumerate() {
        for place in &claims.owned[*n] {
            if members[*n].topics.contains(&place.topic) {
                sharing.give(*place, who);
            } else {
                must_revoke = true;
            }
        }
    }
    sharing.balance(sorted, must_revoke);
    let mut shares = vec![Vec::new(); members.len()];
    for (share, n) in sharing.shares.into_iter().zip(order) {
        shares[n] = share;
    }
    shares
}

/// Who claims a partition by an earlier generation than the latest; the latest of them.
fn earlier_owners(members: &[Joining<'_>], order: &[usize]) -> BTreeMap<Place, Who> {
    let generation = |n: usize| members[n].generation.unwrap_or(-1);
    let latest = (0..members.len()).map(generation).max().unwrap_or(-1);
    let mut found: BTreeMap<Place, Who> = BTreeMap::new();
    for (who, n) in order.iter().enumerate() {
        if generation(*n) == latest {
            continue;
        }
        for place in &members[*n].owned {
            let known = found.entry(*place).or_insert(who);
            if generation(order[*known]) < generation(*n) {
                *known = who;
            }
        }
    }
    found
}

impl Sharing<'_> {
    fn give(&mut self, place: Place, who: Who) {
        self.shares[who].push(place);
        self.owner.insert(place, who);
    }

    fn size(&self, who: Who) -> usize {
        self.shares[who].len()
    }

    fn takers(&self, place: Place) -> &[Who] {
        self.takers.get(&place.topic).map_or(&[], Vec::as_slice)
    }

    /// Who has least of those that may have it.
    fn neediest(&self, place: Place) -> Option<Who> {
        let takers = self.takers(place).iter().copied();
        let open = takers.filter(|who| self.open.contains(who));
        open.min_by_key(|who| (self.size(*who), *who))
    }

    fn balance(&mut self, sorted: Vec<Place>, must_revoke: bool) {
        let is_first = self.shares.iter().all(Vec::is_empty);
        let is_free = |place: &&Place| !self.owner.contains_key(place);
        let free: Vec<Place> = sorted.iter().filter(is_free).copied().collect();
        for place in &free {
            if let Some(who) = self.neediest(*place) {
                self.give(*place, who);
            }
        }
        let can_move = |place: &&Place| self.takers(**place).len() > 1;
        let free: Vec<Place> = free.iter().filter(can_move).copied().collect();
        let movable: Vec<Place> = sorted.iter().filter(can_move).copied().collect();
        let all: Vec<Place> = sorted;
        self.open.retain({
            let (shares, takers) = (&self.shares, &self.takers);
            let takers = |place: &Place| takers.get(&place.topic).map_or(&[][..], Vec::as_slice);
            move |who| {
                let could = |place: &&Place| takers(place).contains(who);
                shares[*who].len() < all.iter().filter(could).count()
                    || shares[*who].iter().any(|place| takers(place).len() > 1)
            }
        });
        let unmoved = (self.shares.clone(), self.owner.clone());
        let unevenness = self.unevenness();
        if !must_revoke {
            self.even_out(&free);
        }
        let has_moved = self.even_out(&movable);
        if !is_first && has_moved && self.unevenness() >= unevenness {
            (self.shares, self.owner) = unmoved;
        }
    }

    /// The differences of all pairs of shares, summed up.
    fn unevenness(&self) -> usize {
        let pairs = self.open.iter().enumerate();
        pairs
            .flat_map(|(n, one)| self.open[n + 1..].iter().map(move |other| (one, other)))
            .map(|(one, other)| self.size(*one).abs_diff(self.size(*other)))
            .sum()
    }

    fn is_even(&self) -> bool {
        let sizes = || self.open.iter().map(|who| self.size(*who));
        let (least, most) = (sizes().min().unwrap_or(0), sizes().max().unwrap_or(0));
        if least + 1 >= most {
            return true;
        }
        // Nobody has more than one who could take it.
        self.owner.iter().all(|(place, owner)| {
            let less = |who: &&Who| self.open.contains(who) && self.size(**who) < self.size(*owner);
            !self.takers(*place).iter().any(|who| less(&who))
        })
    }

    /// Moves partitions until it is even or nothing helps; whether one moved.
    fn even_out(&mut self, movable: &[Place]) -> bool {
        let mut has_moved = false;
        loop {
            let mut moved = false;
            for place in movable {
                if self.is_even() {
                    break;
                }
                let Some(owner) = self.owner.get(place).copied() else {
                    continue;
                };
                let has_less = |who: Who| self.size(owner) > self.size(who) + 1;
                let back = self.before.get(place).copied();
                let back = back.filter(|who| has_less(*who) && self.takers(*place).contains(who));
                let other = || self.neediest(*place).filter(|who| has_less(*who));
                if let Some(who) = back.or_else(other) {
                    self.reassign(*place, who);
                    moved = true;
                }
            }
            if !moved {
                return has_moved;
            }
            has_moved = true;
        }
    }

    fn reassign(&mut self, place: Place, who: Who) {
        let place = self.moves.really(place, self.owner[&place], who);
        let owner = self.owner[&place];
        self.moves.note(place, owner, who);
        self.shares[owner].retain(|other| *other != place);
        self.give(place, who);
    }
}

/// What has moved so far, so that no two partitions of a topic just change places.
#[derive(Default)]
struct Moves {
    by_place: BTreeMap<Place, (Who, Who)>,
    by_pair: BTreeMap<(u32, Who, Who), BTreeSet<Place>>,
}

impl Moves {
    fn note(&mut self, place: Place, from: Who, to: Who) {
        let mut from = from;
        if let Some((first, last)) = self.by_place.remove(&place) {
            if let Some(there) = self.by_pair.get_mut(&(place.topic, first, last)) {
                there.remove(&place);
            }
            if first == to {
                return;
            }
            from = first;
        }
        self.by_place.insert(place, (from, to));
        let pair = (place.topic, from, to);
        self.by_pair.entry(pair).or_default().insert(place);
    }

    /// The partition that moves instead: one that came the other way, if there is one.
    fn really(&self, place: Place, from: Who, to: Who) -> Place {
        let from = self.by_place.get(&place).map_or(from, |pair| pair.0);
        let back = self.by_pair.get(&(place.topic, to, from));
        back.and_then(|places| places.first())
            .copied()
            .unwrap_or(place)
    }
}
