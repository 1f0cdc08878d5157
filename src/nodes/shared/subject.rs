//! Texts of words with dots between them: topic patterns of AMQP and subjects of NATS.
//!
//! It matches, and knows nothing of messages and links. The two languages look alike and are not:
//! `a.#` takes `a`, but `a.>` does not.

/// A binding key of an AMQP topic exchange: `*` stands for one word, `#` for any number of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TopicPattern {
    words: Vec<Word>,
}

/// A subject of NATS to subscribe to: `*` stands for one token, `>` for one or more at the end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SubjectPattern {
    words: Vec<Word>,
    /// Whether it ends with `>`.
    is_open: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Word {
    /// Exactly this one.
    Is(Box<str>),
    /// Any one.
    One,
    /// Any number, none included.
    Many,
}

impl Word {
    fn takes(&self, word: &str) -> bool {
        match self {
            Self::Is(text) => **text == *word,
            Self::One | Self::Many => true,
        }
    }
}

/// The words of a routing key. The empty key has none; otherwise empty words are words.
fn words(key: &str) -> impl Iterator<Item = &str> + Clone {
    key.split('.').filter(move |_| !key.is_empty())
}

impl TopicPattern {
    /// Reads a binding key. Each is allowed: a wildcard inside of a word is an ordinary letter.
    pub fn new(key: &str) -> Self {
        let word = |word: &str| match word {
            "*" => Word::One,
            "#" => Word::Many,
            text => Word::Is(text.into()),
        };
        Self {
            words: words(key).map(word).collect(),
        }
    }

    /// Whether it takes this routing key.
    pub fn takes(&self, key: &str) -> bool {
        let mut rest = words(key);
        let mut at = 0;
        // Where to go on when what follows the last `#` does not fit: it then stands for a word
        // more. An earlier `#` never has to be asked again.
        let mut again = None;
        loop {
            match self.words.get(at) {
                Some(Word::Many) => {
                    at += 1;
                    again = Some((at, rest.clone()));
                    continue;
                }
                Some(word) => {
                    let mut ahead = rest.clone();
                    if ahead.next().is_some_and(|next| word.takes(next)) {
                        rest = ahead;
                        at += 1;
                        continue;
                    }
                }
                None if rest.clone().next().is_none() => return true,
                None => {}
            }
            let Some((from, mut later)) = again.take() else {
                return false;
            };
            if later.next().is_none() {
                return false;
            }
            at = from;
            rest = later.clone();
            again = Some((from, later));
        }
    }
}

impl SubjectPattern {
    /// Reads a subject to subscribe to; `None` if the server would refuse it: no token may be
    /// empty or have a space, and `>` stands only at the end.
    pub fn new(subject: &str) -> Option<Self> {
        let mut tokens: Vec<&str> = subject.split('.').collect();
        let is_open = tokens.last() == Some(&">");
        if is_open {
            tokens.pop();
        }
        let is_wrong = |token: &&str| *token == ">" || !is_token(token);
        if tokens.iter().any(is_wrong) {
            return None;
        }
        let word = |token: &&str| match *token {
            "*" => Word::One,
            text => Word::Is(text.into()),
        };
        Some(Self {
            words: tokens.iter().map(word).collect(),
            is_open,
        })
    }

    /// Whether it takes what is published to this subject. Wildcards in it are ordinary letters,
    /// and with an empty token nothing takes it.
    pub fn takes(&self, subject: &str) -> bool {
        if !subject.split('.').all(is_token) {
            return false;
        }
        let mut tokens = subject.split('.');
        let fit = (self.words.iter()).all(|word| tokens.next().is_some_and(|it| word.takes(it)));
        fit && tokens.next().is_some() == self.is_open
    }

    /// Whether a server that is asked to be pedantic lets somebody publish to this subject.
    pub fn is_plain(subject: &str) -> bool {
        let is_plain = |token: &str| is_token(token) && token != "*" && token != ">";
        subject.split('.').all(is_plain)
    }
}

fn is_token(token: &str) -> bool {
    !token.is_empty() && !token.contains([' ', '\t', '\r', '\n'])
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The definition, word by word.
    fn naive(pattern: &[&str], key: &[&str]) -> bool {
        match (pattern, key) {
            ([], []) => true,
            (["#", rest @ ..], _) => {
                naive(rest, key) || (!key.is_empty() && naive(pattern, &key[1..]))
            }
            (["*", rest @ ..], [_, others @ ..]) => naive(rest, others),
            ([word, rest @ ..], [other, others @ ..]) => word == other && naive(rest, others),
            _ => false,
        }
    }

    fn split(key: &str) -> Vec<&str> {
        words(key).collect()
    }

    proptest! {
        #[test]
        fn patterns_take_what_the_definition_says(
            pattern in "([ab*#]{0,2}\\.){0,5}[ab*#]{0,2}",
            key in "([ab]{0,1}\\.){0,6}[ab]{0,1}",
        ) {
            let taken = TopicPattern::new(&pattern).takes(&key);
            prop_assert_eq!(taken, naive(&split(&pattern), &split(&key)), "{} {}", pattern, key);
        }

        #[test]
        fn subjects_are_patterns_that_want_one_more_token(
            tokens in proptest::collection::vec("[ab*]", 1..5), open: bool,
            subject in "([ab]\\.){0,5}[ab]",
        ) {
            let mut pattern = tokens.join(".");
            let mut like = pattern.clone();
            if open {
                pattern.push_str(".>");
                like.push_str(".*.#");
            }
            let taken = SubjectPattern::new(&pattern).unwrap().takes(&subject);
            prop_assert_eq!(taken, TopicPattern::new(&like).takes(&subject));
        }
    }

    #[test]
    fn many_hashes_take_no_longer() {
        let pattern = TopicPattern::new(&format!("{}b", "#.a.".repeat(60)));
        assert!(!pattern.takes(&format!("{}c", "a.".repeat(500))));
        assert!(pattern.takes(&format!("{}b", "a.".repeat(500))));
    }

    #[test]
    fn empty_words_are_words_and_the_empty_key_has_none() {
        let takes = |pattern: &str, key: &str| TopicPattern::new(pattern).takes(key);
        assert!(takes("a.#", "a") && takes("#", "") && takes("#.#", "") && takes("", ""));
        assert!(!takes("*", "") && !takes("", "a"));
        assert!(takes("a.*", "a.") && takes("*.*", ".") && !takes("a*", "ab") && takes("a*", "a*"));
    }

    #[test]
    fn subjects_need_a_token_for_each_wildcard() {
        let takes = |pattern: &str, key: &str| SubjectPattern::new(pattern).unwrap().takes(key);
        assert!(!takes("foo.>", "foo") && takes("foo.>", "foo.bar.baz") && !takes("*", "foo."));
        for wrong in ["", ".a", "a.", "a..b", ">.a", "a b"] {
            assert_eq!(SubjectPattern::new(wrong), None, "{wrong}");
        }
        assert!(SubjectPattern::is_plain("f*o.b>r") && !SubjectPattern::is_plain("f.*"));
    }
}
