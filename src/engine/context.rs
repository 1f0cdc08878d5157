//! What a node can do while it is called: send, answer, ask to be woken, draw, record.

use std::any::Any;
use std::sync::Arc;

use serde_json::{Map, Value};

use super::core::{Core, NodeCore};
use super::link::Link;
use super::{
    BodyId, Due, Entry, EventType, Handed, Key, LinkIndex, LinkSettings, Message, MessageId,
    NodeIndex, NodeMetrics, Origin, Place, Reason, Signal, Template, Ticket, What,
};
use crate::units::{Chance, LinkId, Luck, NodeId, SimDuration, SimTime};

/// The id of all links that nobody has drawn; those of drawn ones begin at 1.
const WIRE: LinkId = LinkId(0);

/// The world as one node sees it during a call.
pub struct Context<'a> {
    pub(super) core: &'a mut Core,
    pub(super) node: &'a mut NodeCore,
    pub(super) me: NodeIndex,
}

impl Context<'_> {
    /// The time.
    #[inline]
    pub fn now(&self) -> SimTime {
        self.core.now
    }

    /// The luck of this node.
    pub fn luck(&self) -> Luck {
        self.node.luck
    }

    /// The number of an event type.
    pub fn event_type(&mut self, name: &str) -> EventType {
        self.core.names.event_type(name)
    }

    /// The name of an event type.
    pub fn type_name(&self, event_type: EventType) -> &str {
        self.core.names.type_name(event_type)
    }

    /// The number of a key.
    pub fn key(&mut self, text: &str) -> Key {
        self.core.names.key(text)
    }

    /// The text of a key.
    pub fn key_text(&self, key: Key) -> &str {
        self.core.names.key_text(key)
    }

    /// Adds a template for bodies; its placeholders draw from this node's luck.
    pub fn template(&mut self, json: Value, schema_version: u32) -> BodyId {
        self.template_with(Value::Null, json, schema_version)
    }

    /// Adds a template for bodies and headers.
    pub fn template_with(&mut self, headers: Value, json: Value, schema_version: u32) -> BodyId {
        self.add_template(Template {
            luck: self.luck(),
            json,
            headers,
            schema_version,
            class: "",
            is_notification: false,
        })
    }

    /// Adds a template as it is.
    pub fn add_template(&mut self, template: Template) -> BodyId {
        self.core.bodies.template(template)
    }

    /// Whether a message only says that something happened, and its receiver asks for the rest.
    pub fn is_notification(&self, message: &Message) -> bool {
        self.core.bodies.is_notification(message)
    }

    /// The version of the schema that a message's body follows.
    pub fn schema_version_of(&self, message: &Message) -> u32 {
        self.core.bodies.schema_version_of(message)
    }

    /// Keeps a body as it is.
    pub fn keep_body(&mut self, json: Value) -> BodyId {
        self.core.bodies.keep(json)
    }

    /// The body of a message.
    pub fn body_of(&self, message: &Message) -> Value {
        self.core.bodies.body_of(message, &self.core.names)
    }

    /// The headers of a message.
    pub fn headers_of(&self, message: &Message) -> Map<String, Value> {
        self.core.bodies.headers_of(message, &self.core.names)
    }

    /// The value of one header of a message.
    pub fn header(&self, message: &Message, name: &str) -> Option<Value> {
        match message.body.has_headers() {
            true => self.headers_of(message).shift_remove(name),
            false => None,
        }
    }

    /// The headers that were changed on the way of a message.
    pub fn changed_headers(&self, message: &Message) -> Option<&Map<String, Value>> {
        self.core.bodies.changed_headers(message.body)
    }

    /// A body that says the same, with other headers; those of no value are taken off.
    pub fn with_headers(&mut self, body: BodyId, changes: Map<String, Value>) -> BodyId {
        self.core.bodies.with_headers(body, changes)
    }

    /// The id of a node.
    pub fn id_of(&self, node: NodeIndex) -> Option<NodeId> {
        self.core.ids.get(usize::from(node.0)).copied()
    }

    /// The place of the node with this id.
    pub fn place_of(&self, id: NodeId) -> Option<NodeIndex> {
        let place = self.core.ids.iter().position(|other| *other == id)?;
        Some(NodeIndex(place as u16))
    }

    /// A way to another node that nobody has drawn, for what a person sends there: it takes no
    /// time. Neither node counts it to its links.
    #[inline(never)]
    pub fn wire(&mut self, to: NodeIndex, role: u8) -> LinkIndex {
        let (from, luck) = (self.me, self.luck());
        let links = &mut self.core.links;
        let is_it = |link: &Link| (link.id, link.from, link.to) == (WIRE, from, to);
        let known = links.iter().position(is_it).unwrap_or_else(|| {
            links.push(Link::new(WIRE, from, to, role, luck));
            links.len() - 1
        });
        LinkIndex(known as u32)
    }

    /// How many links leave this node.
    #[inline]
    pub fn outgoing_count(&self) -> usize {
        self.node.outgoing.len()
    }

    /// The n-th link that leaves this node, in the order in which they were drawn.
    #[inline]
    pub fn outgoing(&self, n: usize) -> LinkIndex {
        self.node.outgoing[n]
    }

    /// The links that come to this node, in the order in which they were drawn.
    pub fn incoming(&self) -> Vec<LinkIndex> {
        self.node.incoming.clone()
    }

    /// What a link is for, as the kinds at its ends agreed.
    #[inline]
    pub fn role(&self, link: LinkIndex) -> u8 {
        self.core.links[link.0 as usize].role
    }

    /// The settings of a link.
    pub fn link_settings(&self, link: LinkIndex) -> &LinkSettings {
        &self.core.links[link.0 as usize].settings
    }

    /// The id of a link.
    pub fn link_id(&self, link: LinkIndex) -> LinkId {
        self.core.links[link.0 as usize].id
    }

    /// The node to which a link goes.
    pub fn target(&self, link: LinkIndex) -> NodeIndex {
        self.core.links[link.0 as usize].to
    }

    /// This node.
    pub fn me(&self) -> NodeIndex {
        self.me
    }

    /// Hangs out what other nodes may read of this one, instead of what hung there.
    pub fn post(&mut self, notice: Arc<dyn Any + Send + Sync>) {
        let place = usize::from(self.me.0);
        let posted = &mut self.core.posted;
        if posted.len() <= place {
            posted.resize(place + 1, None);
        }
        posted[place] = Some(notice);
    }

    /// What another node has hung out.
    pub fn posted<T: Any + Send + Sync>(&self, node: NodeIndex) -> Option<Arc<T>> {
        let notice = self.core.posted.get(usize::from(node.0))?.as_ref()?;
        Arc::clone(notice).downcast().ok()
    }

    /// Whether something put on a link now can get through.
    #[inline]
    pub fn is_up(&self, link: LinkIndex) -> bool {
        self.core.links[link.0 as usize].is_up()
    }

    /// Whether something put on a link now may get lost on the way.
    pub fn may_lose(&self, link: LinkIndex) -> bool {
        let link = &self.core.links[link.0 as usize];
        !link.is_up() || link.settings.loss != Chance::NEVER
    }

    /// Whether a link takes events of this type.
    #[inline]
    pub fn takes(&self, link: LinkIndex, event_type: EventType) -> bool {
        self.core.links[link.0 as usize].takes(event_type)
    }

    /// Makes an event that nothing in the run caused. Its identity goes by its sequence number.
    #[inline]
    pub fn create(&mut self, event_type: EventType, key: Key, body: BodyId) -> Message {
        let root = self.node.identity.draw(u64::from(self.node.emitted) + 1);
        let source = (&mut *self.node, self.me);
        self.core.create(source, root, None, event_type, key, body)
    }

    /// Makes the `nth` event that this node emits because of `cause`. With the body of its cause
    /// it says the same, to the last placeholder.
    pub fn create_from(
        &mut self,
        cause: &Message,
        nth: u64,
        event_type: EventType,
        key: Key,
        body: BodyId,
    ) -> Message {
        let root = self.node.identity.at(cause.root).draw(nth);
        let source = (&mut *self.node, self.me);
        self.core
            .create(source, root, Some(cause), event_type, key, body)
    }

    /// Makes a copy of a message, which is a message of its own from then on.
    #[inline]
    pub fn copy(&mut self, message: &Message) -> Message {
        let place = Place::Node(self.node.id);
        self.node.metrics.add(What::Copied);
        self.core.copy(place, What::Copied, message)
    }

    /// Puts a message on a link, in either direction: forward along a link that leaves this node,
    /// backward along one that comes to it.
    #[inline(always)]
    pub fn hand(&mut self, link: LinkIndex, message: &Message, handed: Handed, word: u64) {
        self.core.carry(link, self.me, message, handed, word);
    }

    /// Gives a message away along a link.
    #[inline(always)]
    pub fn send(&mut self, link: LinkIndex, message: &Message) {
        self.hand(link, message, Handed::Over, 0);
    }

    /// Gives a message to every link that leaves this node, has the role and takes its type: the
    /// first gets the message, the others copies. Without such a link the message is dropped.
    #[inline(always)]
    pub fn send_to_role(&mut self, role: u8, message: &Message) {
        let Some(first) = self.taker(role, message, 0) else {
            return self.record_because(What::Dropped, message, Reason::NoReceiver);
        };
        let mut next = first + 1;
        while let Some(other) = self.taker(role, message, next) {
            self.send_further_copy(self.outgoing(other), message);
            next = other + 1;
        }
        self.send(self.outgoing(first), message);
    }

    /// The first link that leaves this node, from the `from`-th on, that has the role and takes
    /// the message's type.
    #[inline(always)]
    fn taker(&self, role: u8, message: &Message, from: usize) -> Option<usize> {
        (from..self.outgoing_count()).find(|n| {
            let link = &self.core.links[self.outgoing(*n).0 as usize];
            link.role == role && link.takes(message.event_type)
        })
    }

    /// A copy for the second and any further link, which few nodes have.
    #[inline(never)]
    fn send_further_copy(&mut self, link: LinkIndex, message: &Message) {
        self.send_copy(link, message);
    }

    /// Gives a copy of a message away along a link.
    #[inline(always)]
    pub fn send_copy(&mut self, link: LinkIndex, message: &Message) {
        self.node.metrics.add(What::Copied);
        let place = Place::Node(self.node.id);
        self.core.carry_copy(link, self.me, place, message);
    }

    /// Answers along a link, against the way its messages take. `about` tells the draws of this
    /// answer from those of others.
    #[inline(always)]
    pub fn answer(&mut self, link: LinkIndex, signal: Signal, about: &Message) {
        let luck = (about.root, about.attempt);
        self.core.carry_signal(link, self.me, signal, luck);
    }

    /// Whoever wants to know what becomes of the message that is received hears of it later.
    pub fn confirm_later(&mut self) {
        self.core.confirming = None;
    }

    /// Whoever wants to know what becomes of the message that is received hears that it was taken,
    /// also if it is given up now.
    pub fn confirm_anyway(&mut self, message: &Message) {
        self.core.note_fate(message.id, Reason::None);
    }

    /// Tells the sender of a message that came along `link` with the number `word` whether it was
    /// taken.
    pub fn confirm(&mut self, link: LinkIndex, message: &Message, word: u64, taken: bool) {
        let signal = match taken {
            true => Signal::Confirmed(message.id),
            false => Signal::Unconfirmed(message.id),
        };
        // The answer to what was sent once more meets luck of its own, too.
        let tries = (word as u16).wrapping_mul(256);
        let attempt = message.attempt.wrapping_add(tries);
        let about = Message {
            attempt,
            ..*message
        };
        self.answer(link, signal, &about);
    }

    /// Sends a signal that is about no message.
    pub fn signal(&mut self, link: LinkIndex, signal: Signal) {
        let luck = (self.core.now.nanos(), 0);
        self.core.carry_signal(link, self.me, signal, luck);
    }

    /// Asks to be woken after `delay`, with two numbers to know why.
    #[inline(always)]
    pub fn wake_after(&mut self, delay: SimDuration, tag: u32, word: u64) -> Ticket {
        self.wake_at(self.core.now.after(delay), tag, word)
    }

    /// Asks to be woken at a moment, or now if that has passed.
    #[inline(always)]
    pub fn wake_at(&mut self, at: SimTime, tag: u32, word: u64) -> Ticket {
        self.core.agenda.plan(
            at.max(self.core.now),
            Due {
                node: self.me,
                tag,
                word,
            },
        )
    }

    /// Takes a wake-up back.
    pub fn cancel(&mut self, ticket: Ticket) {
        self.core.agenda.cancel(ticket);
    }

    /// Records what happened to a message at this node.
    #[inline(always)]
    pub fn record(&mut self, what: What, message: &Message) {
        self.core
            .record_message(self.node, what, message, Reason::None, Origin::Flight);
    }

    /// Records what happened to a message of which only the identity and the attempt are at hand;
    /// all of it is looked up if somebody sees it.
    #[inline(always)]
    pub fn record_briefly(
        &mut self,
        what: What,
        (id, root, attempt): (MessageId, u64, u16),
        look_up: impl FnOnce() -> Message,
    ) {
        if self.core.trace.is_observed() {
            return self.record(what, &look_up());
        }
        self.node.metrics.add(what);
        self.core.ledger.count(what, Origin::Flight);
        let mut entry = Entry::of_place(self.core.now, what, Place::Node(self.node.id), root);
        (entry.message, entry.attempt) = (id, attempt);
        self.core.trace.push(entry, None);
    }

    /// Records what happened to a message that this node answers for, and why.
    #[inline(always)]
    pub fn record_because(&mut self, what: What, message: &Message, reason: Reason) {
        if matches!(what, What::Dropped | What::DeadLettered) {
            self.core.note_fate(message.id, reason);
        }
        self.core
            .record_message(self.node, what, message, reason, Origin::Flight);
    }

    /// Records what happened to a message that was waiting until now, and why.
    #[inline(always)]
    pub fn record_waiting(&mut self, what: What, message: &Message, reason: Reason) {
        self.core
            .record_message(self.node, what, message, reason, Origin::Waiting);
    }

    /// Records what happened to an event that was stored until now, and why.
    pub fn record_stored(&mut self, what: What, message: &Message, reason: Reason) {
        self.core
            .record_message(self.node, what, message, reason, Origin::Stored);
    }

    /// Records what happened to this node.
    pub fn record_node(&mut self, what: What) {
        self.node.metrics.add(what);
        let place = Place::Node(self.node.id);
        self.core
            .trace
            .push(super::Entry::of_place(self.core.now, what, place, 0), None);
    }

    /// Whether somebody watches how far groups are behind.
    #[inline]
    pub fn watches_lags(&self) -> bool {
        self.core.trace.watches_lags()
    }

    /// Tells how far a group of this node is behind; without a name the one that is most so.
    pub fn tell_lag(&mut self, group: &str, lag: u64) {
        let (now, id) = (self.core.now, self.node.id);
        self.core.trace.tell_lag(now, id, group, lag);
    }

    /// What is measured at this node.
    #[inline]
    pub fn metrics(&mut self) -> &mut NodeMetrics {
        &mut self.node.metrics
    }

    /// Sets how many messages wait at this node.
    #[inline(always)]
    pub fn set_depth(&mut self, waiting: usize) {
        let now = self.core.now;
        self.metrics().depth.set(now, waiting as u64);
    }

    /// Sets how many workers of this node are at work.
    #[inline(always)]
    pub fn set_busy(&mut self, busy: usize) {
        let now = self.core.now;
        self.metrics().busy.set(now, busy as u64);
    }
}
